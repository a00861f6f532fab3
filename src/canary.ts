import type { Parts } from './parts.ts';
import { CANARY } from './source-terms.ts';
import { recordSuccess } from './store/source-state.ts';

/** Leaves its time in the store: a queue that wakes up and a worker that works are seen by it, from any process. */
export async function singCanary(parts: Parts): Promise<void> {
  await recordSuccess(parts.db, CANARY, parts.now());
}
