import { buildNameIndex } from '../../src/screen/name-index.ts';
import { screen } from '../../src/screen/screen.ts';
import type { Subject } from '../../src/screen/subject.ts';
import type { LabelledPair } from './labelled-pairs.ts';

/** Scores below are told as 0. */
const LEAST = 0.7;

/**
 * How a pair scores as a customer meets it: the best hit that `b` has on the whole list among entries which have the
 * name `a`, by that name or any alias of theirs. What the search for candidates loses is lost here too.
 */
export function findOnList(list: readonly Subject[]): (pair: LabelledPair) => number {
  const index = buildNameIndex(list);
  const entries = new Map<string, Set<string>>();
  for (const { id, names } of list)
    for (const name of names) entries.set(name, (entries.get(name) ?? new Set()).add(id));
  return ({ a, b }) => {
    const meant = entries.get(a);
    const hits = screen(index, [{ id: '', names: [b], addresses: [], country: null }], { threshold: LEAST });
    return Math.max(0, ...hits.filter(({ subjectId }) => meant?.has(subjectId)).map(({ score }) => score));
  };
}
