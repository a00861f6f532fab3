import { ElwatchError, errorLine } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { isAnyWaitingFor } from '../store/deliveries.ts';
import { closeIssuesOf, isIssueOpen, openIssue } from '../store/issues.ts';

/** Code of the error, and of the issue, of a secret that cannot be opened with the present SECRET_KEY. */
const SEALED = 'sealed-unreadable';

/**
 * Tells whoever runs the service, once, that targets cannot be opened: the key is another one than they were sealed
 * with. Their messages wait until it is right.
 */
export async function noteSealed({ db, now }: Parts, error: unknown): Promise<void> {
  if (!(error instanceof ElwatchError) || error.code !== SEALED) return;
  await openIssue(db, {
    ...{ number: null, publishedOn: null, code: SEALED, holds: false },
    message: `webhooks and chats wait: ${error.message}; set SECRET_KEY to what it was`,
    ...{ excerpt: null, locator: null, openedAt: now() },
  });
}

/**
 * Ends what `noteSealed` told, once nothing waits for a target that cannot be opened: one that could be says nothing of
 * others, which may have been sealed with another key. To be called when a delivery that is no mail has ended; never
 * throws, since what was sent must not seem to have failed for it: the next one looks again.
 */
export async function noteUnsealed({ db, now, log }: Parts, deliveryId: string): Promise<void> {
  try {
    if (!(await isIssueOpen(db, SEALED)) || (await isAnyWaitingFor(db, SEALED, deliveryId))) return;
    await closeIssuesOf(db, null, now(), SEALED);
  } catch (error) {
    log.warn({ error: errorLine(error) }, 'whether a target still cannot be opened is not known');
  }
}
