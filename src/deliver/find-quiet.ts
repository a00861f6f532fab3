import type { Parts } from '../parts.ts';
import { latestSeq } from '../store/changes.ts';
import type { StoredDelivery } from '../store/deliveries.ts';
import { countDocumentsOn } from '../store/quiet-days.ts';
import { listSourceStates } from '../store/source-state.ts';
import type { Told } from './told.ts';

/** Where rules and filings come from. */
const SOURCES = ['federal-register', 'public-inspection'];
/** Both are asked several times within this. */
const LONGEST_GAP_MS = 60 * 60_000;

/** What is known of a quiet day when the message about it goes out. */
export async function findQuiet(parts: Parts, { subject }: StoredDelivery): Promise<Told> {
  const day = subject.replace(/^quiet /u, '');
  const states = await listSourceStates(parts.db);
  const successes = SOURCES.map(
    (name) => states.find(({ source }) => source === name)?.lastSuccessAt ?? null,
  );
  // The one that was asked longest ago says how far "none" reaches.
  const checkedAt = successes.includes(null) ? null : (successes.sort()[0] ?? null);
  const age = checkedAt === null ? Infinity : Date.parse(parts.now()) - Date.parse(checkedAt);
  const seq = await latestSeq(parts.db);
  return {
    kind: 'quiet',
    facts: {
      day,
      checkedAt,
      isFailing: age > LONGEST_GAP_MS,
      documentsCount: await countDocumentsOn(parts.db, day),
    },
    latestSeq: seq === 0 ? null : seq,
  };
}
