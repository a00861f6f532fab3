import type { Delivery, Subscription } from '../../model.ts';
import { template } from '../../render/template.ts';
import type { FieldFault } from '../../subscription-request.ts';
import { layoutPage } from '../layout.ts';
import type { SettingsFields } from '../settings-form.ts';
import { DELIVERY_LOG, type LogRow, viewLog } from './delivery-log.ts';
import { SETTINGS_FIELDS, type SettingsView, viewSettings } from './settings-fields.ts';

const renderForm = template<{
  target: string;
  settings: SettingsView;
  fault: string;
  said: string;
  log: LogRow[];
  testPath: string;
}>(`<h1>What is told to <%= it.target %></h1>
<% if (it.said) { %><p role="status" class="notice good"><strong><%= it.said %></strong></p><% } %>
<% if (it.fault) { %><p role="alert" class="notice bad"><strong><%= it.fault %></strong></p><% } %>
<form method="post">
${SETTINGS_FIELDS}
<button type="submit">Save</button>
</form>
<h2>What was sent</h2>
${DELIVERY_LOG}
<form method="post" action="<%= it.testPath %>"><p><button type="submit" class="quiet">Send a test message</button></p></form>
`);

/** The private page on which a subscription is changed, without a script. */
export function renderPreferencesPage(
  { target }: Subscription,
  fields: SettingsFields,
  baseUrl: string,
  {
    fault = '',
    faults = [],
    said = '',
    log,
    path,
  }: {
    fault?: string;
    /** The same, of each field. */
    faults?: readonly FieldFault[];
    /** What was just done. */
    said?: string;
    /** The newest first. */
    log: readonly Delivery[];
    /** Of this page, which is its secret. */
    path: string;
  },
): string {
  const content = renderForm({
    ...{ target, fault, said },
    settings: viewSettings(fields, faults),
    log: viewLog(log),
    testPath: `${path}/test`,
  });
  return layoutPage('Preferences', content, baseUrl, { isPrivate: true, current: '/subscriptions' });
}
