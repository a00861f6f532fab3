import { template } from '../../render/template.ts';
import { layoutPage } from '../layout.ts';

interface PlainView {
  title: string;
  text: string;
  /** Label of a button that posts to the same address. */
  button: string | null;
  /** Where to go on to. */
  link: { href: string; label: string };
}

const renderPlain = template<PlainView>(`<h1><%= it.title %></h1>
<p><%= it.text %></p>
<% if (it.button) { %><form method="post"><button type="submit"><%= it.button %></button></form><% } %>
<p><a href="<%= it.link.href %>"><%= it.link.label %></a></p>
`);

/** A page that says one thing: not found, an error, unsubscribe. Search engines are told to leave it out. */
export function renderPlainPage(
  title: string,
  text: string,
  baseUrl: string,
  button: string | null = null,
  link = { href: '/', label: 'Latest changes' },
): string {
  return layoutPage(title, renderPlain({ title, text, button, link }), baseUrl, { isPrivate: true });
}
