import { template } from '../render/template.ts';
import { assetPath } from './assets.ts';

/** What stands at the head of each page. */
const NAVIGATION = [
  { path: '/', label: 'Today' },
  { path: '/changes', label: 'Changes' },
  { path: '/list', label: 'List' },
  { path: '/compare', label: 'Compare' },
  { path: '/charts', label: 'Charts' },
  { path: '/screening', label: 'Screening' },
  { path: '/subscriptions', label: 'Subscriptions' },
] as const;

interface Frame {
  title: string;
  baseUrl: string;
  content: string;
  isPrivate: boolean;
  current: string;
  navigation: typeof NAVIGATION;
  paths: { style: string; script: string; icon: string };
}

const renderLayout = template<Frame>(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title><%= it.title %> · Entity List Watch</title>
<% if (it.isPrivate) { %><meta name="robots" content="noindex">
<% } %>
<link rel="stylesheet" href="<%= it.paths.style %>">
<link rel="icon" href="<%= it.paths.icon %>" type="image/svg+xml">
<link rel="alternate" type="application/atom+xml" title="Entity List Watch (Atom)" href="<%= it.baseUrl %>/feed.atom">
<link rel="alternate" type="application/rss+xml" title="Entity List Watch (RSS)" href="<%= it.baseUrl %>/feed.rss">
<link rel="alternate" type="application/feed+json" title="Entity List Watch (JSON Feed)" href="<%= it.baseUrl %>/feed.json">
<script src="<%= it.paths.script %>" defer></script>
</head>
<body>
<a class="skip" href="#main">Skip to content</a>
<header class="top"><a class="brand" href="/">Entity List Watch</a>
<nav aria-label="Pages"><ul>
<% for (const one of it.navigation) { %><li><a href="<%= one.path %>"<% if (one.path === it.current) { %> aria-current="page"<% } %>><%= one.label %></a></li>
<% } %>
</ul></nav></header>
<main id="main" tabindex="-1">
<%~ it.content %>
</main>
<footer class="foot"><p>Read from the Federal Register. Unofficial source, no legal advice; the printed edition is the law.</p>
<nav aria-label="Feeds and API"><ul><li><a href="/feed.atom">Atom</a></li><li><a href="/feed.rss">RSS</a></li><li><a href="/feed.json">JSON Feed</a></li><li><a href="/openapi.json">API</a></li><li><a href="/operator">Operator</a></li></ul></nav></footer>
</body>
</html>
`);

/** How a page stands among the others. */
export interface PageFrame {
  /** Kept from search engines: a page that is for one reader, or that says what went wrong. */
  isPrivate?: boolean;
  /** Path of the page of the head that it belongs to. */
  current?: string;
}

/** Puts a page's own HTML, which its template has escaped, into the frame of every page. */
export function layoutPage(
  title: string,
  content: string,
  baseUrl: string,
  { isPrivate = false, current = '' }: PageFrame = {},
): string {
  return renderLayout({
    ...{ title, content, baseUrl, isPrivate, current },
    navigation: NAVIGATION,
    paths: { style: assetPath('style.css'), script: assetPath('live.js'), icon: assetPath('icon.svg') },
  });
}
