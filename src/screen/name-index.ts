import { type AddressIndex, buildAddressIndex } from './address-index.ts';
import { type GramIndex, GramRows } from './gram-index.ts';
import { gramsOf, isTelling } from './grams.ts';
import { type NamePart, partsOfName } from './name-parts.ts';
import { normaliseName } from './normalise.ts';
import { Numbers } from './numbers.ts';
import { sameKeys } from './same-letters.ts';
import type { Subject } from './subject.ts';
import type { Token } from './token.ts';

/**
 * Subjects, prepared for `screen`. A row is one reading of one name. All is in typed arrays and shared tokens: a
 * hundred thousand names take some 100 MB.
 */
export interface NameIndex {
  subjects: readonly Subject[];
  tokens: readonly Token[];
  /** Row → where its tokens begin in `rowTokens`; one more at the end. */
  rowStarts: Uint32Array;
  rowTokens: Uint32Array;
  rowSubjects: Uint32Array;
  /** Row → position of its name among the names of the subject. */
  rowNames: Uint32Array;
  /** Row → the part of its name that it is a reading of, for rows that are none of the whole name. */
  rowParts: ReadonlyMap<number, NamePart>;
  /** Rows with telling words, by those alone. */
  telling: GramIndex;
  /** Rows without one ("Beijing Institute of Technology"), by all of their words. */
  plain: GramIndex;
  /** Key of `sameKeys` → the names that have it. */
  same: ReadonlyMap<string, readonly NamePlace[]>;
  addresses: AddressIndex;
  /** Room for one search, so that none is made for each: per row what it has in common with the query. */
  room: { common: Float32Array; touched: Uint32Array };
}

/** One name of one subject, by their positions. */
export interface NamePlace {
  subject: number;
  name: number;
  /** The part of the name that has the key; null for the whole. */
  part: NamePart | null;
}

/** A name that only numbers an address ("Address 01"): it is compared by its address. */
export const isAddressLabel = (name: string) => /^\s{0,9}address\s{0,9}\d{0,3}\s{0,9}$/iu.test(name);

const isSame = (a: readonly Token[], b: readonly Token[]) =>
  a.length === b.length && a.every(({ text }, at) => text === b[at]!.text);

/**
 * Prepares subjects for screening, each name with those that its bracket makes of it (`partsOfName`). The subjects are
 * kept by reference and must not change.
 */
export function buildNameIndex(subjects: readonly Subject[]): NameIndex {
  const ids = new Map<Token, number>();
  const rowStarts = new Numbers();
  const rowTokens = new Numbers();
  const rowSubjects = new Numbers();
  const rowNames = new Numbers();
  const rowParts = new Map<number, NamePart>();
  const telling = new GramRows();
  const plain = new GramRows();
  const same = new Map<string, NamePlace[]>();
  for (const [subject, { names }] of subjects.entries()) {
    for (const [name, text] of names.entries()) {
      if (isAddressLabel(text)) continue;
      const parts = partsOfName(text);
      for (const part of [null, ...parts])
        for (const key of sameKeys(part?.text ?? text)) {
          const known = same.get(key);
          if (known) known.push({ subject, name, part });
          else same.set(key, [{ subject, name, part }]);
        }
      const readings = normaliseName(text).map(({ tokens }) => ({ tokens, part: null as NamePart | null }));
      for (const part of parts)
        if (!part.isShort)
          for (const { tokens } of normaliseName(part.text))
            if (!readings.some((known) => isSame(known.tokens, tokens))) readings.push({ tokens, part });
      for (const { tokens, part } of readings) {
        if (tokens.length === 0) continue;
        const row = rowSubjects.length;
        if (part !== null) rowParts.set(row, part);
        rowStarts.push(rowTokens.length);
        rowSubjects.push(subject);
        rowNames.push(name);
        for (const token of tokens) {
          const id = ids.get(token) ?? ids.size;
          ids.set(token, id);
          rowTokens.push(id);
        }
        if (isTelling(tokens)) telling.add(row, gramsOf(tokens, true));
        else plain.add(row, gramsOf(tokens, false));
      }
    }
  }
  rowStarts.push(rowTokens.length);
  const count = rowSubjects.length;
  return {
    subjects,
    tokens: [...ids.keys()],
    rowStarts: rowStarts.values(),
    rowTokens: rowTokens.values(),
    rowSubjects: rowSubjects.values(),
    rowNames: rowNames.values(),
    rowParts,
    telling: telling.build(count),
    plain: plain.build(count),
    same,
    addresses: buildAddressIndex(subjects),
    room: { common: new Float32Array(count), touched: new Uint32Array(count) },
  };
}
