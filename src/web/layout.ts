import { template } from '../render/template.ts';

const renderLayout = template<{
  title: string;
  baseUrl: string;
  content: string;
  index: boolean;
}>(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title><%= it.title %></title>
<% if (!it.index) { %><meta name="robots" content="noindex">
<% } %>
<link rel="stylesheet" href="/style.css">
<link rel="alternate" type="application/atom+xml" title="Entity List Watch (Atom)" href="<%= it.baseUrl %>/feed.atom">
<link rel="alternate" type="application/rss+xml" title="Entity List Watch (RSS)" href="<%= it.baseUrl %>/feed.rss">
<link rel="alternate" type="application/feed+json" title="Entity List Watch (JSON Feed)" href="<%= it.baseUrl %>/feed.json">
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header><a class="brand" href="/">Entity List Watch</a>
<nav aria-label="Feeds and API"><a href="/subscribe">Mail</a> <a href="/feed.atom">Atom</a> <a href="/feed.rss">RSS</a> <a href="/feed.json">JSON Feed</a> <a href="/api/v1/changes">API</a></nav></header>
<main id="main">
<%~ it.content %>
</main>
<footer>Read from the Federal Register. Unofficial source, no legal advice; the printed edition is the law.</footer>
</body>
</html>
`);

/** Puts a page's own HTML, which its template has escaped, into the frame of every page. */
export function layoutPage(title: string, content: string, baseUrl: string, index = true): string {
  return renderLayout({ title, content, baseUrl, index });
}
