import { template } from '../../render/template.ts';
import { layoutPage } from '../layout.ts';
import { renderSessionLine, type SignedIn } from './session-line.ts';

interface SignInView {
  /** Path to go on to; empty for none. */
  next: string;
  /** What was wrong; empty at first. */
  said: string;
  line: string;
}

const renderSignIn = template<SignInView>(`<h1>Sign in</h1>
<% if (it.said) { %><p role="alert" class="fault"><%= it.said %></p><% } %>
<%~ it.line %>
<form method="post" action="/sign-in">
<% if (it.next) { %><input type="hidden" name="next" value="<%= it.next %>"><% } %>
<p class="field"><label for="token">Token of the API</label>
<input id="token" name="token" type="password" autocomplete="current-password" required maxlength="200" autofocus></p>
<button type="submit">Sign in</button>
</form>
<p>The operator pages need a token with the scope “admin”, screening one with “watchlists”. Whoever runs the service makes them with <code>elwatch tokens create</code>; the value of ADMIN_TOKEN opens both. You are signed in for twelve hours, or until the token is revoked.</p>
`);

/** The form by which a session begins. What was typed is never shown again. */
export function renderSignInPage(
  { next, said = '', session = null }: { next: string; said?: string; session?: SignedIn | null },
  baseUrl: string,
): string {
  const line = session === null ? '' : renderSessionLine(session);
  return layoutPage('Sign in', renderSignIn({ next, said, line }), baseUrl, { isPrivate: true });
}
