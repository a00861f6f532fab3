import { CHANNELS, type Channel, LIST_NAMES } from '../../model.ts';
import { countryName } from '../../render/country-name.ts';
import { template } from '../../render/template.ts';
import { LIST_TITLES } from '../../render/words.ts';
import type { FieldFault, SubscriptionSettings } from '../../subscription-request.ts';
import type { Preview } from '../api/api-parts.ts';
import { layoutPage } from '../layout.ts';
import { type SettingsFields, toHidden } from '../settings-form.ts';
import { pathOf } from './change-set-rows.ts';
import { CHANNEL_TITLES } from './delivery-log.ts';
import { OPTIONS, type Option } from './filter-fields.ts';
import { SETTINGS_FIELDS, type SettingsView, viewSettings } from './settings-fields.ts';

interface View {
  settings: SettingsView;
  faults: string[];
  words: string;
  hidden: { name: string; value: string }[];
  feeds: { title: string; path: string }[];
  request: string;
  preview: {
    ruleHref: string;
    subject: string;
    text: string;
    webhook: string;
    headers: string;
    secret: string;
    slack: string;
    teams: string;
  } | null;
  mailHref: string;
  payloadHref: string;
  newHref: string;
  channels: Option[];
  by: Channel;
}

const renderSubscriptions = template<View>(`${OPTIONS}<h1>Subscriptions</h1>
<p>Choose what you want to be told of. Below stands the exact message that you would have got at the last rule that meets it; then subscribe by mail, feed, webhook or chat.</p>
<div class="split">
<form method="get" action="/subscriptions" data-live="#results">
<h2>What</h2>
<input type="hidden" name="chosen" value="1">
<p class="field"><label for="by">Show first what comes by</label> <select id="by" name="by"><% choose(it.channels) %></select></p>
${SETTINGS_FIELDS}
<p><button type="submit" class="quiet">Show what comes</button></p>
</form>
<div id="results">
<h2>By mail</h2>
<% if (it.faults.length) { %><div role="alert" class="notice bad"><% for (const one of it.faults) { %><p><strong><%= one %></strong></p><% } %></div><% } else { %>
<p role="status">You are told of <%= it.words %>.</p>
<form method="post" action="/subscribe">
<% for (const one of it.hidden) { %><input type="hidden" name="<%= one.name %>" value="<%= one.value %>"><% } %>
<p class="field"><label for="email">Mail address</label><input id="email" name="email" type="email" required maxlength="254" autocomplete="email"></p>
<button type="submit">Subscribe</button>
</form>
<p class="soft">We ask by mail first, and nothing is sent before you say yes. Each message can end the alerts by one click. Nothing but the address and what you chose is stored.</p>
<h2>By feed</h2>
<ul><% for (const one of it.feeds) { %><li><%= one.title %>: <a href="<%= one.path %>/feed.atom">Atom</a>, <a href="<%= one.path %>/feed.rss">RSS</a>, <a href="<%= one.path %>/feed.json">JSON Feed</a></li>
<% } %></ul>
<h2>By webhook, Slack or Teams</h2>
<p>With a token of your organisation, which the operator gives. It is made here, or by the API; then a test can be sent to it, and <a href="/subscriptions/own">what was sent</a> is on record.</p>
<p><a class="button" href="<%= it.newHref %>">Make one with these settings</a></p>
<p class="soft">The same by the API:</p>
<pre tabindex="0"><%= it.request %></pre>
<h2>What comes</h2>
<% if (it.preview) { const p = it.preview; %>
<p>At the <a href="<%= p.ruleHref %>">last rule that meets it</a>:</p>
<details<% if (it.by === 'email') { %> open<% } %>><summary>The mail: <%= p.subject %></summary>
<p><a href="<%= it.mailHref %>">As it is shown by a mail program</a></p>
<pre tabindex="0"><%= p.text %></pre></details>
<details<% if (it.by === 'webhook') { %> open<% } %>><summary>The payload of the webhook</summary>
<p>The headers; this sample is signed by <code><%= p.secret %></code>, which is nobody’s; a webhook has a secret of its own.</p>
<pre tabindex="0" id="headers"><%= p.headers %></pre>
<p><a href="<%= it.payloadHref %>">The very bytes that are sent and signed</a>; here they are indented.</p>
<pre tabindex="0"><%= p.webhook %></pre></details>
<details<% if (it.by === 'slack') { %> open<% } %>><summary>The message for Slack</summary><pre tabindex="0"><%= p.slack %></pre></details>
<details<% if (it.by === 'teams') { %> open<% } %>><summary>The message for Teams</summary><pre tabindex="0"><%= p.teams %></pre></details>
<% } else { %><p>No rule that we know meets it yet, so there is nothing to show. It is told when one does.</p><% } %>
<% } %>
</div></div>
`);

/** A message of more characters is shown in part. */
const MOST_SHOWN = 12_000;

/** The page on which a subscription is put together. */
export function renderSubscriptionsPage(
  {
    fields,
    settings,
    preview,
    faults,
    words,
    query,
    by,
  }: {
    fields: SettingsFields;
    settings: SubscriptionSettings;
    preview: Preview | null;
    /** What is wrong with what was chosen. */
    faults: readonly FieldFault[];
    /** The filter in words. */
    words: string;
    /** Of the address of this page, with its question mark. */
    query: string;
    /** The channel whose message stands open. */
    by: Channel;
  },
  baseUrl: string,
): string {
  const content = renderSubscriptions({
    settings: viewSettings(fields, faults),
    faults: [...new Set(faults.map(({ text }) => text))],
    words,
    hidden: toHidden(fields),
    feeds: feedsOf(settings),
    request: requestFor(settings, baseUrl),
    preview:
      preview === null
        ? null
        : {
            ruleHref: pathOf(preview),
            subject: preview.mail.subject,
            text: shown(preview.mail.text),
            webhook: shown(indent(preview.webhook)),
            headers: Object.entries(preview.webhookHeaders)
              .map(([name, value]) => `${name}: ${value}`)
              .join('\n'),
            secret: preview.webhookSecret,
            slack: shown(indent(preview.slack)),
            teams: shown(indent(preview.teams)),
          },
    mailHref: `/subscriptions/mail${query}`,
    payloadHref: `/subscriptions/payload.json${query}`,
    newHref: newPath(fields, by),
    channels: CHANNELS.map((value) => ({ value, label: CHANNEL_TITLES[value], selected: value === by })),
    by,
  });
  return layoutPage('Subscriptions', content, baseUrl, { current: '/subscriptions' });
}

/** Where a subscription with these settings is made by who signed in. */
function newPath(fields: SettingsFields, by: Channel): string {
  const query = new URLSearchParams({ channel: by === 'email' ? 'webhook' : by });
  for (const { name, value } of toHidden(fields)) query.append(name, value);
  return `/subscriptions/own/new?${query}`;
}

/** Feeds are of everything, of a list or of a destination; those that come nearest to what was chosen. */
function feedsOf({ lists = [], destinations = [] }: SubscriptionSettings): View['feeds'] {
  const ofLists = (lists.length === LIST_NAMES.length ? [] : lists).map((list) => ({
    title: LIST_TITLES[list],
    path: `/lists/${list}`,
  }));
  const ofDestinations = destinations.map((code) => ({
    title: countryName(code),
    path: `/destinations/${code}`,
  }));
  const nearest = [...ofDestinations, ...ofLists].slice(0, 10);
  return [...nearest, { title: 'All changes', path: '' }];
}

function requestFor(settings: SubscriptionSettings, baseUrl: string): string {
  const body = Object.fromEntries(
    Object.entries({ channel: 'webhook', target: 'https://example.org/hook', ...settings }).filter(
      ([, value]) => !(Array.isArray(value) && value.length === 0),
    ),
  );
  // One quote would end the argument of the shell.
  const json = JSON.stringify(body, null, 1).replaceAll("'", "'\\''");
  return `curl ${baseUrl}/api/v1/subscriptions \\\n  -H "Authorization: Bearer $TOKEN" \\\n  -H "Content-Type: application/json" \\\n  -d '${json}'`;
}

function indent(json: string): string {
  return JSON.stringify(JSON.parse(json), null, 1);
}

function shown(text: string): string {
  if (text.length <= MOST_SHOWN) return text;
  return `${text.slice(0, MOST_SHOWN)}\n… and ${(text.length - MOST_SHOWN).toLocaleString('en-US')} characters more`;
}
