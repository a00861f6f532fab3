import { parse } from 'csv-parse/sync';
import { ElwatchError } from '../errors.ts';
import type { ListName } from '../model.ts';

/** An address of a row; it may be no more than its country. */
export interface ScreeningAddress {
  /** Without its country. */
  text: string;
  /** ISO 3166-1 alpha-2; null where the row gives none. */
  country: string | null;
}

/** A row of the Consolidated Screening List. One row can stand for several entries of a supplement. */
export interface ScreeningRow {
  list: ListName;
  name: string;
  altNames: string[];
  addresses: ScreeningAddress[];
  /** Codes of all its addresses, each once, ascending. */
  countries: string[];
  /** By the start page of the document, where the supplement prints another page of it. */
  citations: { volume: number; page: number }[];
  startOn: string | null;
  licenseRequirement: string;
  licenseReviewPolicy: string;
}

/** Our three lists in a copy of the Consolidated Screening List. */
export interface ScreeningList {
  rows: ScreeningRow[];
  /** Rows of all sources, and what was left out of them. */
  total: number;
  nameless: number;
  repeatedHeaders: number;
}

const SOURCES: [ListName, RegExp][] = [
  ['entity-list', /\(EL\)|^EL$|^Entity List\b/u],
  ['unverified-list', /\(UVL\)|^UVL$|^Unverified List\b/u],
  ['military-end-user-list', /\(MEU\)|^MEU$|^Military End[- ]User/u],
];
const NEEDED = ['source', 'name', 'addresses', 'federal_register_notice', 'alt_names'];

type Cells = Record<string, string>;

function unreadable(message: string, cause?: unknown): ElwatchError {
  return new ElwatchError('csl-unreadable', message, {
    retry: true,
    hint: 'fetch it again later; where it stays, the form of the file has changed: compare its columns',
    cause,
  });
}

/**
 * Reads the Consolidated Screening List as CSV or as JSON and keeps the rows of our three lists (sources, §6).
 * Of the others no more than their number is kept, so that a file of any length costs little.
 *
 * @throws ElwatchError `csl-unreadable` where the file is cut, is something else, or lacks a column
 */
export function readScreeningList(given: Uint8Array, form: 'csv' | 'json'): ScreeningList {
  const bytes = Buffer.from(given.buffer, given.byteOffset, given.byteLength);
  const list: ScreeningList = { rows: [], total: 0, nameless: 0, repeatedHeaders: 0 };
  if (form === 'csv') readCsv(bytes, list);
  else readJson(bytes, list);
  if (list.total === 0) throw unreadable('the Consolidated Screening List holds no row');
  return list;
}

function readCsv(bytes: Buffer, list: ScreeningList): void {
  let columns: string[] = [];
  try {
    parse(bytes, {
      bom: true,
      columns: (header: string[]) => {
        columns = header.map((column) => column.trim().toLowerCase());
        return columns;
      },
      skip_empty_lines: true,
      // A stray quote inside a cell must not swallow the rest of the file.
      relax_quotes: true,
      relax_column_count: true,
      max_record_size: 256 * 1024,
      on_record: (cells: Cells) => {
        take(cells, list);
        return null;
      },
    });
  } catch (cause) {
    throw unreadable(
      `the CSV of the Consolidated Screening List cannot be read: ${String((cause as Error).message).slice(0, 200)}`,
      cause,
    );
  }
  const absent = NEEDED.filter((column) => !columns.includes(column));
  if (absent.length > 0)
    throw unreadable(`the CSV of the Consolidated Screening List lacks ${absent.join(', ')}`);
}

function readJson(bytes: Buffer, list: ScreeningList): void {
  let results: unknown;
  try {
    results = (JSON.parse(bytes.toString('utf8').replace(/^\uFEFF/u, '')) as { results?: unknown }).results;
  } catch (cause) {
    throw unreadable('the JSON of the Consolidated Screening List cannot be read', cause);
  }
  if (!Array.isArray(results)) throw unreadable('the JSON of the Consolidated Screening List has no results');
  for (const result of results as Record<string, unknown>[]) take(cellsOf(result ?? {}), list);
}

/** A result in the form of a row of the CSV, so that both are read in one way. */
function cellsOf(result: Record<string, unknown>): Cells {
  const text = (value: unknown) => (typeof value === 'string' ? value : '');
  const joined = (value: unknown) => (Array.isArray(value) ? value.map(text).join('; ') : text(value));
  const addresses = (Array.isArray(result.addresses) ? result.addresses : []).map(
    (address: Record<string, unknown>) =>
      ['address', 'city', 'state', 'postal_code', 'country']
        .map((part) => text(address?.[part]).replaceAll(';', ','))
        .filter((part) => part.trim() !== '')
        .join(', '),
  );
  return {
    source: text(result.source),
    name: text(result.name),
    addresses: addresses.join('; '),
    federal_register_notice: joined(result.federal_register_notice),
    alt_names: joined(result.alt_names),
    start_date: text(result.start_date),
    license_requirement: text(result.license_requirement),
    license_policy: text(result.license_policy),
  };
}

function take(cells: Cells, list: ScreeningList): void {
  const source = (cells.source ?? '').trim();
  if (source.toLowerCase() === 'source' && (cells.name ?? '').trim().toLowerCase() === 'name') {
    list.repeatedHeaders += 1;
    return;
  }
  list.total += 1;
  const own = SOURCES.find(([, pattern]) => pattern.test(source))?.[0];
  if (own === undefined) return;
  const name = squash(cells.name);
  if (name === '') {
    list.nameless += 1;
    return;
  }
  const addresses = readAddresses(cells.addresses ?? '');
  const countries = addresses.flatMap(({ country }) => country ?? []);
  const startOn = squash(cells.start_date);
  list.rows.push({
    list: own,
    name,
    altNames: readAltNames(cells.alt_names ?? ''),
    addresses,
    countries: [...new Set(countries)].sort(),
    citations: readNotices(cells.federal_register_notice ?? ''),
    startOn: /^\d{4}-\d{2}-\d{2}$/u.test(startOn) ? startOn : null,
    licenseRequirement: squash(cells.license_requirement),
    licenseReviewPolicy: squash(cells.license_policy),
  });
}

const squash = (text: string | undefined) => (text ?? '').replace(/[\s\p{Zs}]+/gu, ' ').trim();

/** "Kabul, AF; AF": the country is what stands behind the last comma, or all there is. */
function readAddresses(cell: string): ScreeningAddress[] {
  return cell
    .split(';')
    .map(squash)
    .filter((address) => address !== '')
    .map((address) => {
      const comma = address.lastIndexOf(',');
      const last = address.slice(comma + 1).trim();
      return /^[A-Z]{2}$/u.test(last)
        ? { text: address.slice(0, Math.max(comma, 0)).trim(), country: last }
        : { text: address, country: null };
    });
}

/** "Farid; and Engineer Idris": the word before the last one is no part of it. */
function readAltNames(cell: string): string[] {
  return cell
    .split(';')
    .map((name) => squash(name).replace(/^and\s+/iu, ''))
    .filter((name) => name !== '' && !/^and$/iu.test(name));
}

/** "76 FR 50407 (8/15/2011)", "77 FR 61249 No. 195", "79 FR  55608": volume and page, whatever else stands there. */
function readNotices(cell: string): { volume: number; page: number }[] {
  return [...cell.matchAll(/\b(\d{2,3})\s{0,4}F\.?\s?R\.?\s{0,4}(\d{1,6})(?!\d)/giu)].map(
    ([, volume, page]) => ({
      volume: Number(volume),
      page: Number(page),
    }),
  );
}
