import { type Alignment, align } from './align.ts';
import type { Token } from './token.ts';

/** How much each kind of difference takes away. Chosen on the first half of the labelled pairs. */
export const COSTS = {
  /** Of letters that differ within paired words, beside what the likeness already lacks. */
  letters: 1.1,
  /** Of words that stand in each other's place. */
  instead: 1.5,
  /** Of words that only one name has. */
  missing: 0.4,
  /** Factor where both names have telling words and share none. */
  nothingTelling: 0.6,
  /** Factor where both names have a number that the other has not: two institutes of one corporation. */
  numbers: 0.85,
  /** Taken off where the legal forms exclude each other. */
  legalForm: 0.04,
};

/** 0 to 1: whether two names are one, by their words. Symmetric. */
export function scoreTokens(a: readonly Token[], b: readonly Token[]): number {
  return scoreAlignment(a, b, align(a, b));
}

/** As `scoreTokens`, for words that are paired already. */
export function scoreAlignment(
  a: readonly Token[],
  b: readonly Token[],
  { pairs, onlyA, onlyB }: Alignment,
): number {
  let matched = 0;
  let letters = 0;
  let telling = false;
  for (const pair of pairs) {
    matched += pair.weight * pair.similarity;
    letters += pair.weight * (1 - pair.similarity);
    telling ||= tellsApart(a, pair.a, b, pair.b);
  }
  if (matched === 0) return 0;
  const left = onlyA.reduce((sum, i) => sum + a[i]!.weight, 0);
  const right = onlyB.reduce((sum, j) => sum + b[j]!.weight, 0);
  let score =
    matched /
    (matched +
      COSTS.letters * letters +
      COSTS.instead * Math.min(left, right) +
      COSTS.missing * Math.abs(left - right));
  if (!telling && (hasWord(a) || hasWord(b))) score *= COSTS.nothingTelling;
  if (isNumbered(a) && isNumbered(b) && hasNumber(a, onlyA) && hasNumber(b, onlyB)) score *= COSTS.numbers;
  if (legalFormsExclude(a, b)) score -= COSTS.legalForm;
  return Math.max(0, score);
}

/** Whether one of paired words tells names apart; an initial, which may be any name's, tells nothing. */
function tellsApart(a: readonly Token[], as: readonly number[], b: readonly Token[], bs: readonly number[]) {
  return (has(a, as, 'word') || has(b, bs, 'word')) && !has(a, as, 'initial') && !has(b, bs, 'initial');
}

function has(tokens: readonly Token[], positions: readonly number[], kind: Token['kind']): boolean {
  for (const at of positions) if (tokens[at]!.kind === kind) return true;
  return false;
}

/** Whether a name is of a body of which there are many with numbers; funds of one series are called alike. */
const isNumbered = (tokens: readonly Token[]) =>
  tokens.some(({ text, kind }) => kind === 'generic' && (text === 'institute' || text === 'plant'));

const hasNumber = (tokens: readonly Token[], positions: readonly number[]) =>
  positions.some((at) => tokens[at]!.kind === 'number');

const hasWord = (tokens: readonly Token[]) => tokens.some(({ kind }) => kind === 'word');

/** Whether both names have a legal form, other than "company", and none in common. */
export function legalFormsExclude(a: readonly Token[], b: readonly Token[]): boolean {
  let both = false;
  for (const one of a) {
    if (!isForm(one)) continue;
    for (const other of b) {
      if (!isForm(other)) continue;
      if (one.text === other.text) return false;
      both = true;
    }
  }
  return both;
}

const isForm = ({ kind, text }: Token) => kind === 'legal' && text !== 'company';
