import type { Subscription, TracedChange } from '../model.ts';
import { cleanLine, cleanText } from './clean.ts';
import { renderChangesPart } from './csv.ts';
import { instantInWashington } from './date-facts.ts';
import { type DigestInput, type DigestView, viewDigest } from './digest-view.ts';
import type { RenderedEmail } from './email.ts';
import { describeFilter } from './filter-words.ts';
import { fitMost } from './fit-most.ts';
import { type FootLinks, footLinkLines, NO_FOOT_LINKS } from './foot-links.ts';
import { CAUTION, CLOSE_PAGE, OPEN_PAGE, openMail } from './mail-frame.ts';
import { mailHeaders } from './mail-headers.ts';
import { template } from './template.ts';
import { countOf } from './words.ts';
import { wrapText } from './wrap-text.ts';

export interface DigestEmailInput extends DigestInput {
  subscription: Pick<Subscription, 'target' | 'token' | 'filter'>;
  messageId: string;
  links?: FootLinks;
}

/** Gmail clips a message at about 102 kB. */
const MAX_HTML_BYTES = 100_000;
interface Frame {
  view: DigestView;
  period: string;
  rest: string;
  why: string;
  links: FootLinks;
  unsubscribeUrl: string;
  caution: string;
}

const renderHtml =
  template<Frame>(`${openMail('it.view.subject')}${OPEN_PAGE}<h1 style="font-size:22px;line-height:1.3;margin:0 0 14px"><%= it.view.subject %></h1>
<p class="m" style="margin:0 0 12px;color:#667085;font-size:13px"><%= it.period %></p>
<ul style="margin:4px 0 12px;padding-left:20px"><% for (const one of it.view.documents) { %><li><a href="<%= one.url %>" style="color:#0b57d0"><%= one.subject %></a><br><%= one.effective %></li><% } %></ul>
<% if (it.rest) { %><p style="border:2px solid #b54708;padding:10px 14px;margin:16px 0"><%= it.rest %></p><% } %>
<% for (const list of it.view.lists) { %>
<h2 style="font-size:18px;line-height:1.3;margin:28px 0 4px"><%= list.title %>: <%= list.total %></h2>
<% for (const place of list.destinations) { %>
<h3 style="font-size:16px;line-height:1.3;margin:20px 0 6px"><%= place.name %>: <%= place.total %></h3>
<ul style="margin:4px 0 8px;padding-left:20px"><% for (const line of place.lines) { %><li><%= line.verb %>: <strong><%= line.name %></strong><% if (line.detail) { %>, <%= line.detail %><% } %> <a class="m" href="<%= line.url %>" style="color:#0b57d0"><%= line.document %></a></li><% } %></ul>
<% } } %>
<p class="m" style="margin:32px 0 6px;padding-top:12px;border-top:1px solid #cfd4dc;color:#667085;font-size:13px"><%= it.why %> <% if (it.links.acknowledgeUrl) { %><a href="<%= it.links.acknowledgeUrl %>" style="color:#0b57d0">Say that you have read it</a> · <% } %><% if (it.links.preferencesUrl) { %><a href="<%= it.links.preferencesUrl %>" style="color:#0b57d0">Preferences</a> · <% } %><a href="<%= it.unsubscribeUrl %>" style="color:#0b57d0">Unsubscribe</a></p>
<p class="m" style="margin:0;color:#667085;font-size:13px"><%= it.caution %></p>
${CLOSE_PAGE}`);

/** Renders a digest, grouped by list and destination. What has no room is in the CSV. */
export function renderDigestEmail(input: DigestEmailInput): RenderedEmail {
  const { entries, subscription, messageId, links = NO_FOOT_LINKS } = input;
  const baseUrl = input.baseUrl.replace(/\/+$/u, '');
  const unsubscribeUrl = `${baseUrl}/unsubscribe/${encodeURIComponent(subscription.token)}`;
  const frame = (limit: number): Frame => {
    const view = viewDigest(input, limit);
    return {
      view,
      period: `Gathered from ${instantInWashington(input.from)} to ${instantInWashington(input.to)}.`,
      rest:
        view.hidden === 0
          ? ''
          : `${countOf(view.hidden, 'change is', 'changes are')} not shown here because the message would be too long. The attached CSV lists all of them.`,
      why: `You get this because ${cleanLine(subscription.target)} is subscribed to ${describeFilter(subscription.filter)}.`,
      links,
      unsubscribeUrl,
      caution: CAUTION,
    };
  };
  const count = entries.reduce((sum, { changes }) => sum + changes.length, 0);
  const fitted = fitMost(
    count,
    (limit) => ({ html: renderHtml(frame(limit)), frame: frame(limit) }),
    ({ html }) => Buffer.byteLength(html) <= MAX_HTML_BYTES,
  );
  // Only more documents than fit could be too long without one change.
  const { html, frame: shown } = fitted ?? { html: renderHtml(frame(0)), frame: frame(0) };
  return {
    subject: shown.view.subject,
    text: renderText(shown),
    html,
    csv: count === 0 ? null : { filename: 'entity-list-digest.csv', content: renderCsvOf(input) },
    headers: mailHeaders({ messageId, unsubscribeUrl, baseUrl }),
  };
}

function renderText({ view, period, rest, why, links, unsubscribeUrl }: Frame): string {
  const blocks = [
    wrapText(view.subject),
    wrapText(period),
    ...view.documents.map((one) =>
      [wrapText(one.subject, '- ', '  '), wrapText(one.effective, '  ', '  '), `  ${one.url}`].join('\n'),
    ),
    rest === '' ? '' : wrapText(rest),
    ...view.lists.flatMap(({ title, total, destinations }) => [
      `${title.toUpperCase()}: ${total}`,
      ...destinations.map((place) =>
        [
          `${place.name}: ${place.total}`,
          ...place.lines.map(({ verb, name, detail, document }) =>
            wrapText(`${verb}: ${name}${detail === '' ? '' : `, ${detail}`} (${document})`, '* ', '  '),
          ),
        ].join('\n'),
      ),
    ]),
    '-'.repeat(76),
    wrapText(why),
    footLinkLines(links, unsubscribeUrl),
    wrapText(CAUTION),
  ];
  return cleanText(`${blocks.filter((block) => block !== '').join('\n\n')}\n`);
}

function renderCsvOf({ entries }: DigestInput): string {
  const changes = entries.flatMap(({ changeSet, changes: ofSet }) =>
    ofSet.map(
      (change): TracedChange => ({
        ...change,
        number: changeSet.document?.number ?? null,
        publishedOn: changeSet.document?.publishedOn ?? null,
      }),
    ),
  );
  return renderChangesPart(changes, true);
}
