import { stringify } from 'csv-stringify/sync';
import type { Delivery } from '../model.ts';
import { cleanText } from './clean.ts';

/** A line of the ledger: who was told what, when, by which channel, and what came of it. */
export type LedgerDelivery = Omit<Delivery, 'digestId'> & { createdAt: string; digestId: string | null };

/** The columns, in the order of the file. JSON has the same names. */
const COLUMNS = [
  'createdAt',
  'deliveryId',
  'kind',
  'subject',
  'changeSetId',
  'subscriptionId',
  'channel',
  'recipient',
  'status',
  'attempts',
  'sentAt',
  'maybeDuplicate',
  'messageId',
  'outcome',
  'digestId',
  'acknowledgedAt',
] as const satisfies readonly (keyof LedgerDelivery)[];

/**
 * Deliveries as a part of an export; the first part has the head. CSV is that of RFC 4180 without a byte-order mark,
 * JSON is one object a line (NDJSON) with its keys in a fixed order, so that equal ledgers are equal bytes and their
 * hash can be compared.
 */
export function renderLedgerPart(
  deliveries: readonly LedgerDelivery[],
  format: 'csv' | 'json',
  isFirst: boolean,
): string {
  const rows = deliveries.map((delivery) => COLUMNS.map((column) => cellOf(delivery[column])));
  if (format === 'json')
    return rows
      .map((row) => `${JSON.stringify(Object.fromEntries(COLUMNS.map((column, at) => [column, row[at]])))}\n`)
      .join('');
  const table = isFirst ? [[...COLUMNS], ...rows] : rows;
  return stringify(table, {
    escape_formulas: true,
    record_delimiter: 'windows',
    cast: { boolean: (value) => (value ? 'yes' : 'no') },
  });
}

function cellOf(value: string | number | boolean | null): string | number | boolean | null {
  return typeof value === 'string' ? cleanText(value) : value;
}
