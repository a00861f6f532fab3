import { foldName } from '../fold.ts';
import type { Alteration, EntryText, ItemEdit, PlacedEntry } from '../model.ts';

/** The fields in which words can give way to others. */
const WORD_FIELDS = ['name', 'aliases', 'addresses', 'licenseRequirement', 'licenseReviewPolicy'] as const;

/** An entry as an alteration leaves it, and what of the alteration found nothing to work on. */
export interface Altered<Of extends PlacedEntry> {
  entry: Of;
  /** One sentence for each; empty where all of it was done. */
  missed: string[];
}

/** How one character of the sought words may be printed. */
function printed(character: string): string {
  if (/[‐-–−-]/u.test(character)) return '[‐-–−-]';
  if (/['‘’]/u.test(character)) return "['‘’]";
  if (/["“”]/u.test(character)) return '["“”]';
  return character.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
}

/** No field of a list is as long, and a pattern much longer is none that is admitted. */
const MOST_WANTED = 10_000;

/**
 * Finds words to the letter but for white space, dashes and quotes of print. They must stand alone: "§ 746.5"
 * is neither in "§ 746.50" nor in "§ 746.5(b)", which is another paragraph.
 */
function wordsPattern(find: string): RegExp | null {
  const wanted = find.replace(/§\s+/gu, '§').trim();
  if (wanted === '' || wanted.length > MOST_WANTED) return null;
  const body = [...wanted.replace(/\s+/gu, ' ')]
    .map((character) => (character === ' ' ? '\\s+' : character === '§' ? '§\\s*' : printed(character)))
    .join('');
  const before = /^[\p{L}\p{N}]/u.test(wanted) ? '(?<![\\p{L}\\p{N}])' : '';
  const after = /[\p{L}\p{N})]$/u.test(wanted) ? '(?![\\p{L}\\p{N}(])' : '';
  return new RegExp(before + body + after, 'gu');
}

/** The text with every occurrence replaced; null where there is none. */
function replaceWords(text: string, pattern: RegExp, by: string): string | null {
  const next = text.replace(pattern, () => by);
  return next === text ? null : next.replace(/ {2,}/gu, ' ').trim();
}

function editItems(items: readonly string[], edit: ItemEdit, what: string, missed: string[]): string[] {
  const kept = [...items];
  for (const item of edit.remove) {
    // "Mytel" and "MyTel" are two aliases of one entry: the one that is spelled so is meant.
    const exact = kept.indexOf(item);
    const at = exact >= 0 ? exact : kept.findIndex((own) => foldName(own) === foldName(item));
    if (at >= 0) kept.splice(at, 1);
    else missed.push(`it has no ${what} “${item}” to remove`);
  }
  for (const item of edit.add) {
    if (kept.some((own) => foldName(own) === foldName(item)))
      missed.push(`it has the ${what} “${item}” already`);
    else kept.push(item);
  }
  return kept;
}

function editFootnotes(own: readonly number[], alteration: Alteration, missed: string[]): number[] {
  const { footnotes, renumber } = alteration;
  const numbers = new Set(own);
  for (const number of footnotes?.remove ?? [])
    if (!numbers.delete(number)) missed.push(`it has no footnote ${number} to remove`);
  for (const number of footnotes?.add ?? []) {
    if (numbers.has(number)) missed.push(`it has footnote ${number} already`);
    numbers.add(number);
  }
  const renumbered = [...numbers].map(
    (number) => renumber?.find(({ from }) => from === number)?.to ?? number,
  );
  return [...new Set(renumbered)].sort((a, b) => a - b);
}

/**
 * Alters an entry as an instruction says, without changing the one that is given. What cannot be done is told
 * in `missed`, and left undone.
 */
export function alterEntry<Of extends PlacedEntry>(given: Of, alteration: Alteration): Altered<Of> {
  const missed: string[] = [];
  const { name, place, aliases, addresses, licenseRequirement, licenseReviewPolicy, words } = alteration;
  const entry: Of = {
    ...given,
    ...(name === undefined ? {} : { name }),
    ...(place === undefined ? {} : { destination: place.destination, country: place.country }),
    ...(aliases ? { aliases: editItems(given.aliases, aliases, 'alias', missed) } : {}),
    ...(addresses ? { addresses: editItems(given.addresses, addresses, 'address', missed) } : {}),
    ...(licenseRequirement === undefined ? {} : { licenseRequirement }),
    ...(licenseReviewPolicy === undefined ? {} : { licenseReviewPolicy }),
    footnotes: editFootnotes(given.footnotes, alteration, missed),
  };
  for (const { find, by, field } of words ?? []) {
    const pattern = wordsPattern(find);
    let met = false;
    for (const one of field === null ? WORD_FIELDS : [field]) {
      const value = entry[one as keyof EntryText];
      if (typeof value === 'string') {
        const next = pattern && replaceWords(value, pattern, by);
        if (next !== null) Object.assign(entry, { [one]: next });
        met ||= next !== null;
      } else {
        const next = (value as string[]).map((item) => pattern && replaceWords(item, pattern, by));
        if (next.some((item) => item !== null))
          Object.assign(entry, { [one]: next.map((item, at) => item ?? (value as string[])[at]) });
        met ||= next.some((item) => item !== null);
      }
    }
    if (!met) missed.push(`the words “${find.slice(0, 100)}” do not occur in it`);
  }
  return { entry, missed };
}
