import { createHash } from 'node:crypto';
import { foldName } from '../fold.ts';
import type { WatchlistField } from './columns.ts';
import { MAX_ADDRESS, MAX_ADDRESSES, MAX_ALIASES, MAX_NAME, MAX_NOTE, MAX_REF } from './limits.ts';
import { readCountry } from './read-country.ts';
import type { RowFault, WatchlistRow } from './reading.ts';

/** The cells of one row by what they hold; those of aliases and addresses in their order. */
export type Cells = Partial<Record<WatchlistField, string[]>>;

export function addCell(cells: Cells, field: WatchlistField, text: string): void {
  const known = cells[field];
  if (known) known.push(text);
  else cells[field] = [text];
}

/** A row that can be taken, with what there is to know about it; or why it cannot. */
export type ReadRow = { taken: WatchlistRow; notes: RowFault[] } | { fault: RowFault };

/** Makes a row of its cells. A row without any text is null: tables end in such rows. */
export function toRow(row: number, cells: Cells): ReadRow | null {
  const all = Object.values(cells).flat();
  if (all.every((cell) => cell.trim() === '')) return null;
  const fault = (code: string, message: string): ReadRow => ({ fault: { row, code, message } });
  if (all.some((cell) => cell.includes('\uFFFD')))
    return fault('broken-text', 'it holds bytes that are no text in the encoding of the file');

  const one = (field: WatchlistField) => clean(cells[field]?.[0] ?? '');
  const name = one('name');
  if (name === '') return fault('no-name', 'it has no name');
  if (foldName(name) === '') return fault('no-name', `its name “${shorten(name)}” has no letter or digit`);
  if (name.length > MAX_NAME) return tooLong('name', name, MAX_NAME);
  const ref = one('ref');
  if (ref.length > MAX_REF) return tooLong('id', ref, MAX_REF);
  const note = one('note');
  if (note.length > MAX_NOTE) return tooLong('note', note, MAX_NOTE);

  const aliases = [
    ...new Set((cells.alias ?? []).flatMap((cell) => cell.split(/[;；|\n]/u)).map(clean)),
  ].filter((alias) => foldName(alias) !== '' && alias !== name);
  if (aliases.length > MAX_ALIASES) return fault('too-many', `it has more than ${MAX_ALIASES} aliases`);
  const long = aliases.find((alias) => alias.length > MAX_NAME);
  if (long !== undefined) return tooLong('alias', long, MAX_NAME);
  const addresses = readAddresses(cells.address ?? []);
  if (addresses.length > MAX_ADDRESSES)
    return fault('too-many', `it has more than ${MAX_ADDRESSES} addresses`);
  const wide = addresses.find((address) => address.length > MAX_ADDRESS);
  if (wide !== undefined) return tooLong('address', wide, MAX_ADDRESS);

  const givenCountry = one('country');
  const country = givenCountry === '' ? null : readCountry(givenCountry);
  const notes =
    givenCountry !== '' && country === null
      ? [{ row, code: 'unknown-country', message: `“${shorten(givenCountry)}” is no country that is known` }]
      : [];
  return { taken: { row, key: keyOf(name, country), ref, name, aliases, addresses, country, note }, notes };

  function tooLong(what: string, text: string, most: number): ReadRow {
    return fault(
      'too-long',
      `its ${what} “${shorten(text)}” has ${text.length} characters; at most ${most} are taken`,
    );
  }
}

function keyOf(name: string, country: string | null): string {
  return createHash('sha256')
    .update(`${foldName(name)}|${country ?? ''}`)
    .digest('hex');
}

/** Parts of an address may stand in columns of their own; several whole addresses are separated by ";". */
function readAddresses(cells: readonly string[]): string[] {
  const parts = cells.filter((cell) => cell.trim() !== '');
  const whole = parts.some((part) => /[;；|]/u.test(part)) ? parts : [parts.join(', ')];
  const addresses = whole.flatMap((part) => part.split(/[;；|]/u)).map(clean);
  return [...new Set(addresses)].filter((address) => foldName(address) !== '');
}

/** One line without control characters and direction marks, which could disguise what a reader is shown. */
function clean(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/gu, '')
    .replace(/[\p{Cc}\s]+/gu, ' ')
    .trim();
}

function shorten(text: string): string {
  return text.length > 40 ? `${text.slice(0, 39)}…` : text;
}
