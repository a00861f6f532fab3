import type { Kysely } from 'kysely';
import { CANARY, CANARY_PATIENCE_MS, isSourceAsked, isSourceLate, SOURCE_TERMS } from '../source-terms.ts';
import type { Schema } from './schema.ts';
import { listSourceStates } from './source-state.ts';

/** What keeps the service from being ready, a sentence each: the queue, and each source that is late. */
export async function findUnready(db: Kysely<Schema>, now: string): Promise<string[]> {
  const states = new Map((await listSourceStates(db)).map((state) => [state.source, state]));
  const faults: string[] = [];
  const sung = states.get(CANARY)?.lastSuccessAt ?? null;
  if (sung === null || Date.parse(now) - Date.parse(sung) > CANARY_PATIENCE_MS)
    faults.push(
      `The queue does not wake up: its canary ${sung === null ? 'never ran' : `ran last at ${sung}`}.`,
    );
  for (const [source, { title }] of Object.entries(SOURCE_TERMS)) {
    const state = states.get(source);
    if (!isSourceAsked(source, state, now)) continue;
    const lastSuccessAt = state?.lastSuccessAt ?? null;
    if (isSourceLate(source, lastSuccessAt, now))
      faults.push(
        `${title} is late: it answered ${lastSuccessAt === null ? 'never' : `last at ${lastSuccessAt}`}.`,
      );
  }
  return faults;
}
