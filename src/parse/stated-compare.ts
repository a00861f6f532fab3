import type { CountedAction, ListName, Rule, StatedCount } from '../model.ts';

const WORDS: Record<CountedAction, string> = {
  add: 'additions',
  revise: 'revisions',
  remove: 'removals',
};

function namedCodes(count: StatedCount): string {
  return [...new Set([...Object.keys(count.byDestination), ...(count.destinations ?? [])])].sort().join(', ');
}

function compareCounts(what: string, one: StatedCount, other: StatedCount): string[] {
  const differences: string[] = [];
  for (const kind of ['entities', 'entries'] as const)
    if (one[kind] !== null && other[kind] !== null && one[kind] !== other[kind])
      differences.push(`${what}: one text states ${one[kind]} ${kind}, the other ${other[kind]}.`);
  // "three entities" against "three entries" is one figure in two words; other figures are two.
  const figures = [one.entries ?? one.entities, other.entries ?? other.entities];
  const shared =
    (one.entities !== null && other.entities !== null) || (one.entries !== null && other.entries !== null);
  if (!shared && figures[0] !== figures[1])
    differences.push(`${what}: one text states ${figures[0]}, the other ${figures[1]}.`);

  for (const code of new Set([...Object.keys(one.byDestination), ...Object.keys(other.byDestination)])) {
    const [left, right] = [one.byDestination[code], other.byDestination[code]];
    if (left !== undefined && right !== undefined && left !== right)
      differences.push(`${what} under ${code}: one text states ${left}, the other ${right}.`);
  }
  const [left, right] = [namedCodes(one), namedCodes(other)];
  const open = one.partial || other.partial || left === '' || right === '';
  if (!open && left !== right) differences.push(`${what}: one text names ${left}, the other ${right}.`);
  return differences;
}

/**
 * How two texts of one document (its abstract and its own SUMMARY) contradict each other, in one sentence
 * each. A text that says nothing of a list contradicts nothing.
 */
export function compareStated(one: Rule['stated'], other: Rule['stated']): string[] {
  const differences: string[] = [];
  for (const list of Object.keys(one) as ListName[])
    for (const action of ['add', 'revise', 'remove'] as const) {
      const [left, right] = [one[list], other[list]];
      if (!left || !right) continue;
      const what = `${WORDS[action]} to the ${list}`;
      const [a, b] = [left[action], right[action]];
      if (a && b) differences.push(...compareCounts(what, a, b));
      else if (a || b) differences.push(`${what}: only one of the two texts states any.`);
    }
  return differences;
}
