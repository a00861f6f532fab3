import type { Alignment } from './align.ts';
import { editDistance } from './edit-distance.ts';
import type { Reading } from './normalise.ts';
import { legalFormsExclude } from './score.ts';

const quote = (text: string) => `“${text}”`;
const letters = (count: number) => (count === 1 ? '1 letter' : `${count} letters`);
/** A name of outside, short enough for a sentence. */
const short = (text: string) => (text.length > 60 ? `${text.slice(0, 57)}…` : text);

/** Why two names are taken for one, and what speaks against it, in words. `a` is ours, `b` theirs. */
export function reasonsFor(
  ours: string,
  theirs: string,
  a: Reading,
  b: Reading,
  { pairs, onlyA, onlyB }: Alignment,
): string[] {
  const reasons: string[] = [];
  const of = (reading: Reading, positions: readonly number[]) =>
    [...new Set(positions.map((at) => reading.printed[at]!))].join(' ');
  const kinds = (reading: Reading, positions: readonly number[]) =>
    positions.map((at) => reading.tokens[at]!.kind);
  const small = new Set(['particle', 'title', 'legal']);

  for (const name of [ours, theirs]) {
    const han = /\p{Script=Han}+/u.exec(name)?.[0];
    const reading = name === ours ? a : b;
    if (han)
      reasons.push(
        `${quote(short(han))} reads ${quote(
          short(
            of(
              reading,
              reading.printed.map((_, at) => at),
            ),
          ),
        )}`,
      );
    else if (/[^\p{Script=Latin}\p{Script=Common}\p{Script=Inherited}]/u.test(name))
      reasons.push(
        `${quote(short(name))} in Latin letters is ${quote(
          short(
            of(
              reading,
              reading.printed.map((_, at) => at),
            ),
          ),
        )}`,
      );
  }
  const telling = pairs.filter((pair) => !kinds(a, pair.a).every((kind) => small.has(kind)));
  const rest = (reading: Reading, positions: readonly number[]) =>
    positions.filter((at) => !small.has(reading.tokens[at]!.kind));
  const restA = rest(a, onlyA);
  const restB = rest(b, onlyB);
  const allSame = telling.every(({ how }) => how === 'same');
  if (allSame && restA.length === 0 && restB.length === 0) {
    const order = telling.map((pair) => pair.b[0]!);
    const inOrder = [...telling].sort((x, y) => x.a[0]! - y.a[0]!).map((pair) => pair.b[0]!);
    const turned = inOrder.some((at, place) => place > 0 && at < inOrder[place - 1]!);
    reasons.push(turned && order.length > 1 ? 'the same words in another order' : 'the same name');
  }
  for (const pair of together(telling, a, b)) {
    const [x, y] = [span(a, pair.a, small), of(b, pair.b)];
    if (pair.how === 'near') {
      const apart = editDistance(x, y, 9);
      const alike = apart <= 3 ? `differ by ${letters(apart)}` : 'sound alike';
      reasons.push(`${quote(x)} and ${quote(y)} ${alike}`);
    } else if (pair.how === 'joined') reasons.push(`${quote(x)} and ${quote(y)} differ by a space`);
    else if (pair.how === 'letters') reasons.push(`${quote(x)} and ${quote(y)} have the same first letters`);
    else if (
      x !== y &&
      x.replaceAll(' ', '') !== y.replaceAll(' ', '') &&
      !kinds(a, pair.a).includes('number')
    )
      reasons.push(`${quote(x)} stands for ${quote(y)}`);
  }
  if (restA.length > 0 && restB.length > 0)
    reasons.push(`${quote(of(a, restA))} on the list, where theirs has ${quote(of(b, restB))}`);
  else if (restA.length > 0) reasons.push(`only on the list: ${quote(of(a, restA))}`);
  else if (restB.length > 0) reasons.push(`only in theirs: ${quote(of(b, restB))}`);
  const legal = (reading: Reading) =>
    of(
      reading,
      reading.tokens.flatMap(({ kind }, at) => (kind === 'legal' ? [at] : [])),
    );
  const [formA, formB] = [legal(a), legal(b)];
  if (formA !== formB) {
    if (formA === '' || formB === '')
      reasons.push(
        `without legal form ${quote(formA || formB)} ${formA === '' ? 'on the list' : 'in theirs'}`,
      );
    else if (legalFormsExclude(a.tokens, b.tokens) || formA.replaceAll(' ', '') !== formB.replaceAll(' ', ''))
      reasons.push(`legal form differs: ${formA} / ${formB}`);
  }
  if (reasons.length > 1 && reasons[0] === 'the same name' && !legalFormsExclude(a.tokens, b.tokens))
    reasons[0] = 'the same name but for what follows';
  return reasons.length > 0 ? reasons : ['the same name'];
}

/** Pairs of equal words, with those put together that are read from the same printed words: "ligong daxue". */
function together(pairs: Alignment['pairs'], a: Reading, b: Reading): Alignment['pairs'] {
  const groups = new Map<string, Alignment['pairs'][number]>();
  const joined: Alignment['pairs'] = [];
  for (const pair of pairs) {
    const [x, y] = [a.printed[pair.a[0]!]!, b.printed[pair.b[0]!]!];
    const count = (reading: Reading, printed: string) =>
      reading.printed.filter((one) => one === printed).length;
    const shared = pair.how === 'same' ? (count(b, y) > 1 ? y : count(a, x) > 1 ? x : null) : null;
    const group = shared === null ? undefined : groups.get(shared);
    if (group) {
      group.a.push(...pair.a);
      group.b.push(...pair.b);
      continue;
    }
    const copy = { ...pair, a: [...pair.a], b: [...pair.b] };
    joined.push(copy);
    if (shared !== null) groups.set(shared, copy);
  }
  return joined;
}

/** The printed words of positions, with small words that stand between them: "institute of technology". */
function span(reading: Reading, positions: readonly number[], small: ReadonlySet<string>): string {
  const [first, last] = [Math.min(...positions), Math.max(...positions)];
  const words: string[] = [];
  for (let at = first; at <= last; at += 1)
    if (positions.includes(at) || small.has(reading.tokens[at]!.kind)) words.push(reading.printed[at]!);
  return [...new Set(words)].join(' ');
}
