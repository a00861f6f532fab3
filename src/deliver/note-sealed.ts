import { ElwatchError } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { openIssue } from '../store/issues.ts';

/** Code of the error, and of the issue, of a secret that cannot be opened with the present SECRET_KEY. */
export const SEALED = 'sealed-unreadable';

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
