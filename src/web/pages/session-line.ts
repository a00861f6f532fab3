import { template } from '../../render/template.ts';

/** Who signed in, as pages show it. */
export interface SignedIn {
  /** Name of the token. */
  name: string;
  /** Mark of the forms that are made for this session; see `csrfOf`. */
  csrf: string;
}

const renderLine = template<{
  session: SignedIn;
}>(`<form class="session" method="post" action="/sign-out"><input type="hidden" name="csrf" value="<%= it.session.csrf %>">Signed in as <%= it.session.name %> <button type="submit" class="quiet small">Sign out</button></form>
`);

/** Says who is signed in, with the way out; for the head of private pages. */
export function renderSessionLine(session: SignedIn): string {
  return renderLine({ session });
}
