import { cleanLine, cleanText } from './clean.ts';
import type { RenderedEmail } from './email.ts';
import { type FootLinks, footLinkLines, NO_FOOT_LINKS } from './foot-links.ts';
import { mailHeaders } from './mail-headers.ts';
import { template } from './template.ts';
import { wrapText } from './wrap-text.ts';

/** A mail that says a few sentences and is about no entry: a test, a question, a quiet day. */
export interface NoticeEmailInput {
  subject: string;
  paragraphs: readonly string[];
  /** What the reader is asked to follow. */
  link?: { label: string; url: string };
  messageId: string;
  baseUrl: string;
  /** Null where there is no subscription to end yet. */
  unsubscribeUrl: string | null;
  links?: FootLinks;
}

const CAUTION =
  'Entity List Watch reads the Federal Register. It is an unofficial source and no legal advice; the printed edition is the law.';

const renderHtml = template<{
  subject: string;
  paragraphs: readonly string[];
  link: { label: string; url: string } | null;
  foot: { label: string; url: string }[];
  caution: string;
}>(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title><%= it.subject %></title>
<style>
:root { color-scheme: light dark; }
@media (prefers-color-scheme: dark) {
  body, .page { background: #15181d !important; color: #e8eaed !important; }
  .m { color: #a4adba !important; }
  a { color: #8ab4f8 !important; }
}
</style>
</head>
<body style="margin:0;padding:0;background:#ffffff;color:#1b1f24">
<table role="presentation" class="page" width="100%" cellpadding="0" cellspacing="0" style="max-width:680px;border-collapse:collapse;font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:15px;line-height:1.5"><tr><td style="padding:24px 20px;text-align:left;word-break:break-word">
<h1 style="font-size:22px;line-height:1.3;margin:0 0 14px"><%= it.subject %></h1>
<% for (const text of it.paragraphs) { %><p style="margin:0 0 12px"><%= text %></p><% } %>
<% if (it.link) { %><p style="margin:0 0 12px"><a href="<%= it.link.url %>" style="color:#0b57d0"><%= it.link.label %></a></p><% } %>
<p class="m" style="margin:32px 0 6px;padding-top:12px;border-top:1px solid #cfd4dc;color:#667085;font-size:13px"><% for (const one of it.foot) { %><a href="<%= one.url %>" style="color:#0b57d0"><%= one.label %></a> · <% } %><%= it.caution %></p>
</td></tr></table>
</body>
</html>
`);

export function renderNoticeEmail(input: NoticeEmailInput): RenderedEmail {
  const { messageId, baseUrl, unsubscribeUrl, link, links = NO_FOOT_LINKS } = input;
  const subject = cleanLine(input.subject);
  const paragraphs = input.paragraphs.map(cleanLine);
  const foot = [
    { label: 'Preferences', url: links.preferencesUrl },
    { label: 'Unsubscribe', url: unsubscribeUrl },
  ].flatMap(({ label, url }) => (url === null ? [] : [{ label, url }]));
  const blocks = [
    wrapText(subject),
    ...paragraphs.map((text) => wrapText(text)),
    ...(link === undefined ? [] : [`${link.label}:\n${link.url}`]),
    '-'.repeat(76),
    footLinkLines({ ...links, acknowledgeUrl: null }, unsubscribeUrl),
    wrapText(CAUTION),
  ];
  return {
    subject,
    text: cleanText(`${blocks.filter((block) => block !== '').join('\n\n')}\n`),
    html: renderHtml({ subject, paragraphs, link: link ?? null, foot, caution: CAUTION }),
    csv: null,
    headers: mailHeaders({ messageId, baseUrl, unsubscribeUrl }),
  };
}
