import { template } from '../../../render/template.ts';
import { layoutPage } from '../../layout.ts';
import { renderSessionLine, type SignedIn } from '../session-line.ts';

const PAGES = [
  { path: '/operator', label: 'Overview' },
  { path: '/operator/held', label: 'Held' },
  { path: '/operator/deliveries', label: 'Deliveries' },
  { path: '/operator/sources', label: 'Sources' },
  { path: '/operator/audit', label: 'Audit' },
  { path: '/operator/backfill', label: 'Backfill' },
  { path: '/operator/queues', label: 'Queues' },
] as const;

/** How a page of whoever runs the service stands among the others. */
export interface OperatorFrame {
  title: string;
  path: (typeof PAGES)[number]['path'];
  session: SignedIn;
  baseUrl: string;
}

const renderFrame = template<{
  pages: typeof PAGES;
  path: string;
  line: string;
  content: string;
}>(`<%~ it.line %>
<nav aria-label="Operator pages" class="sub"><ul>
<% for (const one of it.pages) { %><li><a href="<%= one.path %>"<% if (one.path === it.path) { %> aria-current="page"<% } %>><%= one.label %></a></li>
<% } %></ul></nav>
<%~ it.content %>
`);

/** Puts a page's own HTML below who is signed in and the other operator pages. */
export function layoutOperator({ title, path, session, baseUrl }: OperatorFrame, content: string): string {
  const framed = renderFrame({ pages: PAGES, path, line: renderSessionLine(session), content });
  return layoutPage(title, framed, baseUrl, { isPrivate: true });
}
