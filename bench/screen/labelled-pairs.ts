import { existsSync, readFileSync } from 'node:fs';
import { parse } from 'csv-parse/sync';

/** Two names, and whether they are one. */
export interface LabelledPair {
  a: string;
  b: string;
  match: boolean;
  kind: string;
  /** Pairs of one half are for choosing, those of the other are reported. */
  half: 'choose' | 'report';
  /** Score of logic-v2, where it is known. */
  logicV2: number | null;
}

/**
 * The kind of a listed alias beside the name alone. It is no variant of that name: whoever screens with the list has
 * the alias in it, so that this counts in no recall and is told by itself.
 */
export const UNLISTED_ALIAS = 'alias, were it not listed';

const OURS = new URL('../../fixtures/screen/pairs.csv', import.meta.url);
const PUBLIC = new URL('../../../shared/data/name-pairs.csv', import.meta.url);

const rowsOf = (file: URL) =>
  parse(readFileSync(file), { columns: true, bom: true }) as Record<string, string>[];

/** The pairs made of the real list: `bench/screen/make-pairs.ts` says how. */
export function readOwnPairs(): LabelledPair[] {
  return rowsOf(OURS).map(({ half, kind, match, listed, other }) => ({
    ...{ a: listed!, b: other!, kind: kind!, half: half as LabelledPair['half'] },
    match: match === 'true',
    logicV2: null,
  }));
}

/** The public pairs of OpenSanctions with its own score, every other one for choosing; null where not at hand. */
export function readPublicPairs(): LabelledPair[] | null {
  if (!existsSync(PUBLIC)) return null;
  return rowsOf(PUBLIC).map(({ schema, name1, name2, is_match, score }, at) => ({
    ...{ a: name1!, b: name2!, kind: schema!, half: at % 2 === 0 ? 'choose' : 'report' },
    match: is_match === 'true',
    logicV2: Number(score),
  }));
}
