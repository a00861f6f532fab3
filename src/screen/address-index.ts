import { type AddressPart, compareAddresses, isPrecise, readAddress } from './match-address.ts';
import { Numbers } from './numbers.ts';
import type { Subject } from './subject.ts';

/** Addresses of subjects, by the words and numbers that tell places apart. */
export interface AddressIndex {
  subjects: readonly Subject[];
  rowSubjects: Uint32Array;
  /** Row → position of its address among those of the subject. */
  rowAddresses: Uint32Array;
  /** Word or number → its id. */
  words: ReadonlyMap<string, number>;
  wordStarts: Uint32Array;
  wordRows: Uint32Array;
}

export interface FoundAddress {
  subject: number;
  /** Position among the addresses of the subject. */
  address: number;
  score: number;
}

/** Words that stand in more addresses are not looked up, beside rarer ones. */
const BUDGET = 4_000;
const MOST_CANDIDATES = 24;

const telling = (parts: readonly AddressPart[]) => [
  ...new Set(parts.filter(({ kind }) => kind === 'word' || kind === 'number').map(({ text }) => text)),
];

/** Prepares the addresses of subjects; those that name no more than a town are left out. */
export function buildAddressIndex(subjects: readonly Subject[]): AddressIndex {
  const words = new Map<string, number>();
  const rowSubjects = new Numbers();
  const rowAddresses = new Numbers();
  const pairs = { word: new Numbers(), row: new Numbers() };
  for (const [subject, { addresses }] of subjects.entries()) {
    for (const [address, text] of addresses.entries()) {
      const parts = readAddress(text);
      if (!isPrecise(parts)) continue;
      for (const word of telling(parts)) {
        let id = words.get(word);
        if (id === undefined) {
          id = words.size;
          words.set(word, id);
        }
        pairs.word.push(id);
        pairs.row.push(rowSubjects.length);
      }
      rowSubjects.push(subject);
      rowAddresses.push(address);
    }
  }
  const wordStarts = new Uint32Array(words.size + 1);
  const ids = pairs.word.values();
  const rows = pairs.row.values();
  for (const id of ids) wordStarts[id + 1]! += 1;
  for (let id = 0; id < words.size; id += 1) wordStarts[id + 1]! += wordStarts[id]!;
  const next = wordStarts.slice();
  const wordRows = new Uint32Array(ids.length);
  for (let at = 0; at < ids.length; at += 1) {
    wordRows[next[ids[at]!]!] = rows[at]!;
    next[ids[at]!]! += 1;
  }
  return {
    subjects,
    rowSubjects: rowSubjects.values(),
    rowAddresses: rowAddresses.values(),
    words,
    wordStarts,
    wordRows,
  };
}

/** Addresses that may be the same place, with their scores; `least` and above only. */
export function findAddresses(index: AddressIndex, address: string, least: number): FoundAddress[] {
  if (index.rowSubjects.length === 0) return [];
  const parts = readAddress(address);
  if (!isPrecise(parts)) return [];
  const lengthOf = (id: number) => index.wordStarts[id + 1]! - index.wordStarts[id]!;
  const ids = telling(parts)
    .map((word) => index.words.get(word))
    .filter((id) => id !== undefined)
    .sort((a, b) => lengthOf(a) - lengthOf(b));
  const common = new Map<number, number>();
  let read = 0;
  for (const [at, id] of ids.entries()) {
    read += lengthOf(id);
    if (at >= 2 && read > BUDGET) break;
    for (let place = index.wordStarts[id]!; place < index.wordStarts[id + 1]!; place += 1) {
      const row = index.wordRows[place]!;
      common.set(row, (common.get(row) ?? 0) + 1 / Math.log(2 + lengthOf(id)));
    }
  }
  return [...common]
    .sort((a, b) => b[1] - a[1])
    .slice(0, MOST_CANDIDATES)
    .map(([row]) => {
      const subject = index.rowSubjects[row]!;
      const at = index.rowAddresses[row]!;
      const score = compareAddresses(parts, readAddress(index.subjects[subject]!.addresses[at]!));
      return { subject, address: at, score };
    })
    .filter(({ score }) => score >= least);
}
