import { createHash } from 'node:crypto';
import type { PlacedEntry } from '../model.ts';

/** What the hash of an entry covers, in this order. Ids are ours, so anybody can compute it from a copy. */
function linesOf(entry: PlacedEntry): unknown[] {
  return [
    entry.list,
    entry.destination,
    entry.name,
    entry.aliases,
    entry.addresses,
    entry.seeAlso,
    entry.licenseRequirement,
    entry.licenseReviewPolicy,
    entry.footnotes,
    entry.citations.map(({ volume, page, on }) => [volume, page, on]),
  ];
}

/** SHA-256, in hex, of one entry: of the JSON array of its values, UTF-8, without white space. */
export function entryHash(entry: PlacedEntry): string {
  return createHash('sha256')
    .update(JSON.stringify(linesOf(entry)))
    .digest('hex');
}

/**
 * SHA-256, in hex, of a list: of the hashes of its entries, sorted, one a line. The order of the entries does
 * not matter, and an entry that stands twice counts twice.
 */
export function stateHash(entryHashes: Iterable<string>): string {
  return createHash('sha256')
    .update([...entryHashes].sort().join('\n'))
    .digest('hex');
}
