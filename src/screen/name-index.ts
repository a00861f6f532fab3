import { type AddressIndex, buildAddressIndex } from './address-index.ts';
import { GRAM_COUNT, gramsOf } from './grams.ts';
import { normaliseName } from './normalise.ts';
import { Numbers } from './numbers.ts';
import type { Subject } from './subject.ts';
import type { Token } from './token.ts';

/**
 * Subjects, prepared for `screen`. A row is one reading of one name. All is in typed arrays and shared tokens: a
 * hundred thousand names take some 20 MB.
 */
export interface NameIndex {
  subjects: readonly Subject[];
  tokens: readonly Token[];
  /** Row → where its tokens begin in `rowTokens`; one more at the end. */
  rowStarts: Uint32Array;
  rowTokens: Uint32Array;
  rowSubjects: Uint32Array;
  /** Row → position of its name among the names of the subject. */
  rowNames: Uint16Array;
  /** Row → sum of the weights of its grams. */
  rowWeights: Float32Array;
  /** Gram → where its rows begin in `gramRows`; one more at the end. */
  gramStarts: Uint32Array;
  gramRows: Uint32Array;
  /** Gram → how much it tells: the rarer, the more. */
  gramWeights: Float32Array;
  addresses: AddressIndex;
  /** Room for one search, so that none is made for each: per row what it has in common with the query. */
  room: { common: Float32Array; touched: Uint32Array };
}

/** A name that only numbers an address ("Address 01"): it is compared by its address. */
export const isAddressLabel = (name: string) => /^\s*address\s*\d{0,3}\s*$/iu.test(name);

/** Prepares subjects for screening. The subjects are kept by reference and must not change. */
export function buildNameIndex(subjects: readonly Subject[]): NameIndex {
  const tokens: Token[] = [];
  const ids = new Map<Token, number>();
  const rows = new Numbers();
  const rowTokens = new Numbers();
  const rowSubjects = new Numbers();
  const rowNames = new Numbers();
  const gramCounts = new Uint32Array(GRAM_COUNT + 1);
  const rowGrams = new Numbers();
  const rowGramStarts = new Numbers();
  for (const [subject, { names }] of subjects.entries()) {
    for (const [name, text] of names.entries()) {
      if (isAddressLabel(text) || name > 65_535) continue;
      for (const reading of normaliseName(text)) {
        if (reading.tokens.length === 0) continue;
        rows.push(rowTokens.length);
        rowSubjects.push(subject);
        rowNames.push(name);
        for (const token of reading.tokens) {
          let id = ids.get(token);
          if (id === undefined) {
            id = tokens.push(token) - 1;
            ids.set(token, id);
          }
          rowTokens.push(id);
        }
        rowGramStarts.push(rowGrams.length);
        for (const gram of gramsOf(reading.tokens, false)) {
          rowGrams.push(gram);
          gramCounts[gram + 1]! += 1;
        }
      }
    }
  }
  rows.push(rowTokens.length);
  rowGramStarts.push(rowGrams.length);
  const count = rows.length - 1;

  const gramWeights = new Float32Array(GRAM_COUNT);
  for (let gram = 0; gram < GRAM_COUNT; gram += 1)
    gramWeights[gram] = Math.log(1 + count / (1 + gramCounts[gram + 1]!));
  for (let gram = 0; gram < GRAM_COUNT; gram += 1) gramCounts[gram + 1]! += gramCounts[gram]!;
  const gramRows = new Uint32Array(rowGrams.length);
  const next = gramCounts.slice();
  const rowWeights = new Float32Array(count);
  const grams = rowGrams.values();
  const starts = rowGramStarts.values();
  for (let row = 0; row < count; row += 1) {
    for (let at = starts[row]!; at < starts[row + 1]!; at += 1) {
      const gram = grams[at]!;
      gramRows[next[gram]!] = row;
      next[gram]! += 1;
      rowWeights[row]! += gramWeights[gram]!;
    }
  }
  return {
    subjects,
    tokens,
    rowStarts: rows.values(),
    rowTokens: rowTokens.values(),
    rowSubjects: rowSubjects.values(),
    rowNames: Uint16Array.from(rowNames.values()),
    rowWeights,
    gramStarts: gramCounts,
    gramRows,
    gramWeights,
    addresses: buildAddressIndex(subjects),
    room: { common: new Float32Array(count), touched: new Uint32Array(count) },
  };
}
