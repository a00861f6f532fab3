import { ElwatchError } from '../errors.ts';
import { foldName } from '../fold.ts';
import { reconcileEntries } from '../list/reconcile.ts';
import type { ListName, PlacedEntry } from '../model.ts';
import type { Parts } from '../parts.ts';
import type { Source } from './reading.ts';

/** Faults that the bulk file of govinfo does not mend: we are closing, or the title is half updated there too. */
const NO_WAY_ROUND = ['closing', 'ecfr-processing'];

/** The list as eCFR has it on its newest day; from the bulk file where the versioner does not answer. */
async function fetchText(parts: Parts, list: ListName): Promise<{ bytes: Buffer; on: string }> {
  try {
    return await parts.ecfr.fetchSupplement(list, await parts.ecfr.upToDateAsOf());
  } catch (error) {
    if (!(error instanceof ElwatchError) || NO_WAY_ROUND.includes(error.code)) throw error;
    const bulk = await parts.ecfr.fetchFromBulk(list).catch(() => null);
    // Without its day there is no list of ours to compare it with.
    if (bulk === null || bulk.on === null) throw error;
    parts.log.warn({ list, error: error.code }, 'eCFR does not answer; its bulk file is read instead');
    return { bytes: bulk.bytes, on: bulk.on };
  }
}

export function openEcfr(parts: Parts): Source<PlacedEntry> {
  return {
    name: 'ecfr',
    async read(list) {
      const { bytes, on } = await fetchText(parts, list);
      const { entries, issues, pending } = await parts.parser.supplement(bytes, list);
      return { on, rows: entries, pending, unread: issues.filter(({ holds }) => holds) };
    },
    pairing: (documentsCited) => ({
      reconcile: (ours, theirs) => reconcileEntries(ours, theirs, documentsCited),
      foldedNamesOf: ({ name }) => [foldName(name)],
      show: (entry) => entry,
    }),
  };
}
