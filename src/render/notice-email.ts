import { cleanLine, cleanText } from './clean.ts';
import type { RenderedEmail } from './email.ts';
import { type FootLinks, footLinkLines, NO_FOOT_LINKS } from './foot-links.ts';
import { CAUTION, CLOSE_PAGE, OPEN_PAGE, openMail } from './mail-frame.ts';
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

const renderHtml = template<{
  subject: string;
  paragraphs: readonly string[];
  link: { label: string; url: string } | null;
  foot: { label: string; url: string }[];
  caution: string;
}>(`${openMail('it.subject')}${OPEN_PAGE}<h1 style="font-size:22px;line-height:1.3;margin:0 0 14px"><%= it.subject %></h1>
<% for (const text of it.paragraphs) { %><p style="margin:0 0 12px"><%= text %></p><% } %>
<% if (it.link) { %><p style="margin:0 0 12px"><a href="<%= it.link.url %>" style="color:#0b57d0"><%= it.link.label %></a></p><% } %>
<p class="m" style="margin:32px 0 6px;padding-top:12px;border-top:1px solid #cfd4dc;color:#667085;font-size:13px"><% for (const one of it.foot) { %><a href="<%= one.url %>" style="color:#0b57d0"><%= one.label %></a> · <% } %><%= it.caution %></p>
${CLOSE_PAGE}`);

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
