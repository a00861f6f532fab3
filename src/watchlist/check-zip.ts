import { inflateRawSync } from 'node:zlib';
import { MAX_UNPACKED_BYTES } from './limits.ts';
import { refuse } from './refuse.ts';

/** Signatures and offsets of the ZIP format (APPNOTE 6.3.10, 4.3.7, 4.3.12 and 4.3.16). */
const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_RECORD = 0x06054b50;
const END_BYTES = 22;
const MOST_FILES = 2_000;

/**
 * Unpacks every file of an archive once, within bounds and into nothing, before a library unpacks it into memory:
 * headers may lie about sizes, and a small file may hold gigabytes of zeros.
 *
 * @throws ElwatchError `watchlist-too-large` and `watchlist-unreadable`
 */
export function checkZip(bytes: Buffer): void {
  const end = findEnd(bytes);
  const count = bytes.readUInt16LE(end + 10);
  if (count > MOST_FILES) throw tooLarge();
  let at = bytes.readUInt32LE(end + 16);
  let left = MAX_UNPACKED_BYTES;
  for (let file = 0; file < count; file += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== CENTRAL_HEADER)
      throw unreadable('its directory is broken');
    const flags = bytes.readUInt16LE(at + 8);
    const method = bytes.readUInt16LE(at + 10);
    const packed = bytes.readUInt32LE(at + 20);
    const stated = bytes.readUInt32LE(at + 24);
    const local = bytes.readUInt32LE(at + 42);
    at += 46 + bytes.readUInt16LE(at + 28) + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
    if (flags & 1)
      throw refuse('watchlist-unreadable', 'the workbook is encrypted', 'save it without a password');
    if (stated > left) throw tooLarge();
    const unpacked = unpackedSize(contentOf(bytes, local, packed), method, left);
    if (unpacked !== stated) throw unreadable('a part of it is not of the size that is stated');
    left -= unpacked;
  }
}

function findEnd(bytes: Buffer): number {
  // A comment of up to 65,535 bytes may follow.
  const least = Math.max(0, bytes.length - END_BYTES - 65_535);
  for (let at = bytes.length - END_BYTES; at >= least; at -= 1)
    if (bytes.readUInt32LE(at) === END_RECORD) return at;
  throw unreadable('it is cut');
}

function contentOf(bytes: Buffer, local: number, packed: number): Buffer {
  if (local + 30 > bytes.length || bytes.readUInt32LE(local) !== LOCAL_HEADER)
    throw unreadable('a part of it is missing');
  const start = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
  if (start + packed > bytes.length) throw unreadable('a part of it is cut');
  return bytes.subarray(start, start + packed);
}

function unpackedSize(content: Buffer, method: number, most: number): number {
  if (method === 0) return content.length;
  if (method !== 8) throw unreadable('it is packed in a way that is not known');
  try {
    return inflateRawSync(content, { maxOutputLength: Math.max(1, most) }).length;
  } catch (cause) {
    throw (cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE'
      ? tooLarge()
      : unreadable('it is damaged');
  }
}

function tooLarge() {
  return refuse(
    'watchlist-too-large',
    `the workbook unpacks to more than ${MAX_UNPACKED_BYTES / 1024 / 1024} MB`,
    'save the sheet as CSV, which is read line by line',
  );
}

function unreadable(what: string) {
  return refuse('watchlist-unreadable', `the workbook cannot be read: ${what}`, 'save it again, or as CSV');
}
