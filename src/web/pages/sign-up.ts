import { template } from '../../render/template.ts';
import { layoutPage } from '../layout.ts';

const renderForm = template<{ email: string; fault: string }>(`<h1>Alerts by mail</h1>
<p>You learn by mail when the Entity List, the Unverified List or the Military End-User List changes: which entries were added, revised or removed, and by which paragraph.</p>
<form method="post" action="/subscribe">
<% if (it.fault) { %><p id="fault" role="alert"><strong><%= it.fault %></strong></p><% } %>
<p><label for="email">Mail address</label><br>
<input id="email" name="email" type="email" required maxlength="254" autocomplete="email" value="<%= it.email %>"<% if (it.fault) { %> aria-invalid="true" aria-describedby="fault"<% } %>></p>
<button type="submit">Subscribe</button>
</form>
<p>We ask by mail first. Nothing else is stored, and each message can end the alerts by one click.</p>
`);

/** The page on which somebody asks for alerts; with what was wrong, where something was. */
export function renderSignUpPage(baseUrl: string, { email = '', fault = '' } = {}): string {
  return layoutPage('Alerts by mail', renderForm({ email, fault }), baseUrl);
}
