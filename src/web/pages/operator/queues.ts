import type { SignedIn } from '../session-line.ts';
import { layoutOperator } from './frame.ts';

const TEXT = `<h1>Queues</h1>
<p>This process does not see the queue yet, and tries again every ten seconds. Does Redis answer (<code>REDIS_URL</code>)? The log says more.</p>
`;

/** In place of the dashboard where there is nothing to show. */
export function renderNoQueuesPage(session: SignedIn, baseUrl: string): string {
  return layoutOperator({ title: 'Queues', path: '/operator/queues', session, baseUrl }, TEXT);
}
