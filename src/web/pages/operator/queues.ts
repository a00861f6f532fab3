import type { SignedIn } from '../session-line.ts';
import { layoutOperator } from './frame.ts';

const TEXT = `<h1>Queues</h1>
<p>This process has no queue: it serves pages alone. Look at the process with the role “worker”, or start this one with the role “all”.</p>
`;

/** In place of the dashboard where there is nothing to show. */
export function renderNoQueuesPage(session: SignedIn, baseUrl: string): string {
  return layoutOperator({ title: 'Queues', path: '/operator/queues', session, baseUrl }, TEXT);
}
