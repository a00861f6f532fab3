import type { ChangeSet } from '../../model.ts';
import { chainAfter } from '../../store/change-chain.ts';
import type { SummedUp } from '../pages/change-set-rows.ts';
import type { SiteParts } from './site-parts.ts';

/** Change sets with what they come to; of a notice, also what was told since. */
export async function sumUp(
  { db, summaryOf }: Pick<SiteParts, 'db' | 'summaryOf'>,
  sets: readonly ChangeSet[],
): Promise<SummedUp[]> {
  const rows: SummedUp[] = [];
  for (const changeSet of sets) {
    const later = changeSet.outcome === 'applied' ? [] : await chainAfter(db, changeSet.changeSetId);
    rows.push({ changeSet, summary: await summaryOf(changeSet), since: later.at(-1) ?? null });
  }
  return rows;
}
