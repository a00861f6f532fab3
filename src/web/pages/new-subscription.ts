import { CHANNELS, type Channel, type Subscription } from '../../model.ts';
import { describeFilter, describeSchedule } from '../../render/filter-words.ts';
import { template } from '../../render/template.ts';
import { applySettings, type SubscriptionSettings } from '../../subscription-request.ts';
import { layoutPage } from '../layout.ts';
import { type SettingsFields, toHidden } from '../settings-form.ts';
import { CHANNEL_TITLES } from './delivery-log.ts';
import { OPTIONS, type Option } from './filter-fields.ts';
import { ownPath } from './own-subscriptions.ts';
import { renderSessionLine, type SignedIn } from './session-line.ts';

interface FormView {
  line: string;
  words: string;
  changeHref: string;
  hidden: { name: string; value: string }[];
  channels: Option[];
  target: string;
  name: string;
  fault: string;
  csrf: string;
}

const renderForm = template<FormView>(`${OPTIONS}<%~ it.line %><h1>A new subscription</h1>
<% if (it.fault) { %><p id="fault" role="alert" class="fault"><%= it.fault %></p><% } %>
<% if (it.words) { %><p>It is told of <%= it.words %>. <a href="<%= it.changeHref %>">Change that, and see what comes</a>.</p><% } else { %><p><a href="<%= it.changeHref %>">Choose anew what it is told of</a>.</p><% } %>
<form method="post" action="/subscriptions/own/new"><input type="hidden" name="csrf" value="<%= it.csrf %>">
<% for (const one of it.hidden) { %><input type="hidden" name="<%= one.name %>" value="<%= one.value %>"><% } %>
<p class="field"><label for="channel">By</label> <select id="channel" name="channel"><% choose(it.channels) %></select></p>
<p class="field"><label for="target">Address of the webhook, of the incoming webhook of Slack, of the workflow of Teams, or mail address</label>
<input id="target" name="target" required maxlength="2048" value="<%= it.target %>"<% if (it.fault) { %> aria-invalid="true" aria-describedby="fault"<% } %>></p>
<p class="field"><label for="name">Name, for a second subscription of the same target; may be empty</label>
<input id="name" name="name" maxlength="80" value="<%= it.name %>"></p>
<button type="submit">Make it</button></form>
`);

/** The form by which an organisation makes a subscription with what was chosen on the page of subscriptions. */
export function renderNewSubscription(
  {
    session,
    fields,
    settings,
    channel,
    target = '',
    name = '',
    fault = '',
  }: {
    session: SignedIn;
    fields: SettingsFields;
    /** Null where what was chosen cannot be read. */
    settings: SubscriptionSettings | null;
    channel: Channel;
    target?: string;
    name?: string;
    fault?: string;
  },
  baseUrl: string,
): string {
  const hidden = toHidden(fields);
  const query = new URLSearchParams({ by: channel });
  for (const one of hidden) query.append(one.name, one.value);
  const applied = settings === null ? null : applySettings(settings);
  const content = renderForm({
    line: renderSessionLine(session),
    words: applied === null ? '' : `${describeFilter(applied.filter)}, ${describeSchedule(applied.schedule)}`,
    changeHref: `/subscriptions?${query}`,
    channels: CHANNELS.map((value) => ({ value, label: CHANNEL_TITLES[value], selected: value === channel })),
    ...{ hidden, target, name, fault, csrf: session.csrf },
  });
  return layoutPage('A new subscription', content, baseUrl, { isPrivate: true, current: '/subscriptions' });
}

const renderMade = template<{
  line: string;
  subscription: Subscription;
  secret: string | null;
  href: string;
  csrf: string;
}>(`<%~ it.line %><h1>It is made</h1>
<% if (it.subscription.status === 'unconfirmed') { %><p role="status" class="notice">A message asks <%= it.subscription.target %> whether alerts are wanted. They begin when its link is followed.</p><% } else { %>
<p role="status" class="notice good">Alerts to <%= it.subscription.target %> begin with the next rule.</p><% } %>
<% if (it.secret) { %><p>Its signing secret, by which your receiver knows that a message is ours. <strong>It is shown this once</strong>: keep it now.</p>
<pre tabindex="0" id="secret"><%= it.secret %></pre><% } %>
<ul class="actions"><% if (it.subscription.status === 'active') { %><li><form method="post" action="<%= it.href %>/test"><input type="hidden" name="csrf" value="<%= it.csrf %>"><button type="submit">Send a test message</button></form></li><% } %>
<li><a href="<%= it.href %>">This subscription, and what was sent to it</a></li></ul>
`);

/** What was made, with the secret that is shown once. */
export function renderMadeSubscription(
  { session, subscription, secret }: { session: SignedIn; subscription: Subscription; secret: string | null },
  baseUrl: string,
): string {
  const content = renderMade({
    line: renderSessionLine(session),
    ...{ subscription, secret, href: ownPath(subscription), csrf: session.csrf },
  });
  return layoutPage('It is made', content, baseUrl, { isPrivate: true, current: '/subscriptions' });
}
