import { template } from '../../render/template.ts';
import { layoutPage } from '../layout.ts';

interface View {
  email: string;
  fault: string;
  isOfAddress: boolean;
  /** What was chosen on the page of subscriptions, as fields of a form. */
  chosen: readonly (readonly [name: string, value: string])[];
  /** That page with what was chosen; empty where nothing was. */
  chosenHref: string;
}

const renderForm = template<View>(`<h1>Alerts by mail</h1>
<p>You learn by mail when the Entity List, the Unverified List or the Military End-User List changes: which entries were added, revised or removed, and by which paragraph.</p>
<form method="post" action="/subscribe">
<% if (it.fault) { %><p id="fault" role="alert"><strong><%= it.fault %></strong></p><% } %>
<% for (const [name, value] of it.chosen) { %><input type="hidden" name="<%= name %>" value="<%= value %>"><% } %>
<% if (it.chosenHref) { %><p>What you chose is kept. <a href="<%= it.chosenHref %>">Look at it, or change it</a>.</p><% } %>
<p><label for="email">Mail address</label><br>
<input id="email" name="email" type="email" required maxlength="254" autocomplete="email" value="<%= it.email %>"<% if (it.fault && it.isOfAddress) { %> aria-invalid="true" aria-describedby="fault"<% } %>></p>
<button type="submit">Subscribe</button>
</form>
<% if (!it.chosenHref) { %><p><a href="/subscriptions">Choose what you are told of</a>, and see the exact message, before you subscribe.</p><% } %>
<p>We ask by mail first. Nothing else is stored, and each message can end the alerts by one click.</p>
`);

/** The page on which somebody asks for alerts; with what was wrong, where something was, and what was chosen before. */
export function renderSignUpPage(
  baseUrl: string,
  { email = '', fault = '', isOfAddress = false, chosen = new URLSearchParams() } = {},
): string {
  const view: View = {
    ...{ email, fault, isOfAddress },
    chosen: [...chosen],
    chosenHref: chosen.size === 0 ? '' : `/subscriptions?${chosen}`,
  };
  return layoutPage('Alerts by mail', renderForm(view), baseUrl, { current: '/subscriptions' });
}
