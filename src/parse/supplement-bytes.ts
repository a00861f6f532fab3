import { ElwatchError } from '../errors.ts';
import type { ListName } from '../model.ts';
import { readSupplement, type Supplement } from './supplement.ts';
import { beginsSupplement, NUMBER_OF_LIST, START_LENGTH } from './supplement-place.ts';
import { type AdmittedXml, admitXml, MAX_XML_BYTES } from './xml.ts';

/**
 * Largest file that is looked through for a supplement. The bulk file of title 15 has tens of MB; only the
 * supplement in it is decoded and parsed.
 */
export const MAX_TITLE_BYTES = 256 * 1024 * 1024;

/** The date of a bulk file stands in its header. */
const _HEADER_BYTES = 64 * 1024;

/**
 * The bytes of a supplement in the text of a part, a title or a bulk file (root `DLPSTEXTCLASS`), from
 * `<DIV9 …>` to `</DIV9>`; null where it is not there or does not end. Appendices do not nest, so one that
 * begins before the end means a cut text.
 */
export function sliceSupplementBytes(bytes: Uint8Array, list: ListName): Uint8Array | null {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const [open, close] of [
    ['<DIV9', '</DIV9>'],
    ['<div9', '</div9>'],
  ] as const) {
    for (let at = buffer.indexOf(open); at >= 0; at = buffer.indexOf(open, at + open.length)) {
      if (!beginsSupplement(buffer.toString('utf8', at, at + START_LENGTH), list)) continue;
      const end = buffer.indexOf(close, at);
      const next = buffer.indexOf(open, at + open.length);
      return end < 0 || (next >= 0 && next < end) ? null : bytes.subarray(at, end + close.length);
    }
  }
  return null;
}

/**
 * Admits the supplement of a list out of a larger text, so that a title of 60 MB costs no more than its
 * supplement. A text without the supplement goes through the gate as a whole, which says what it is instead.
 *
 * @throws ElwatchError as `admitXml` does, and `body-too-large` for what is no title either
 */
export function admitSupplement(bytes: Uint8Array, list: ListName): AdmittedXml {
  if (bytes.byteLength > MAX_TITLE_BYTES)
    throw new ElwatchError(
      'body-too-large',
      `the text has ${bytes.byteLength} bytes; at most ${MAX_TITLE_BYTES} are looked through`,
      { retry: false, hint: 'no title is that large: look at what the address serves' },
    );
  const slice = sliceSupplementBytes(bytes, list);
  if (slice === null && bytes.byteLength > MAX_XML_BYTES)
    throw new ElwatchError(
      'supplement-missing',
      `the text holds no whole supplement no. ${NUMBER_OF_LIST[list]} to part 744`,
      { retry: true, hint: 'a download that was cut reads like this: fetch it again' },
    );
  return admitXml(slice ?? bytes);
}

/** Reads a list from the bytes of any text of eCFR or govinfo that holds its supplement. */
export function readSupplementBytes(bytes: Uint8Array, list: ListName = 'entity-list'): Supplement {
  return readSupplement(admitSupplement(bytes, list), list);
}
