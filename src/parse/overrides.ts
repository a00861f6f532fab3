/** Words of a source text, markup and all, and what is read in their place. */
export interface Replacement {
  find: string | null;
  by: string | null;
}

const BYTE_ORDER_MARK = '\ufeff';

/**
 * Reads other words in place of some, one row after the other, each in the text that the ones before it left.
 * `find` and `by` are given as the source has them, with tags and with `&amp;` for `&`; white space in `find`
 * stands for any white space. A row whose words do not stand there exactly once changes nothing and is answered
 * as `unmatched`. What comes out has passed no gate: it goes through `admitXml` like any text.
 */
export function applyReplacements<Row extends Replacement>(
  bytes: Uint8Array,
  rows: readonly Row[],
): { bytes: Buffer; unmatched: Row[] } {
  const source = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (rows.length === 0) return { bytes: source, unmatched: [] };
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return { bytes: source, unmatched: [...rows] };
  }
  const unmatched: Row[] = [];
  for (const row of rows) {
    const found = row.find === null || row.by === null ? [] : occurrencesOf(text, row.find);
    const [only] = found;
    if (only === undefined || found.length > 1) unmatched.push(row);
    else text = text.slice(0, only.start) + row.by + text.slice(only.end);
  }
  return { bytes: unmatched.length === rows.length ? source : Buffer.from(text), unmatched };
}

/** Where words stand in a source text; two that overlap count as two. At most `most` are looked for. */
export function occurrencesOf(text: string, find: string, most = 100): { start: number; end: number }[] {
  const words = find.replace(BYTE_ORDER_MARK, '').split(/\s+/u);
  if (words.every((word) => word === '')) return [];
  // White space in front of the words is a run that begins there: from within it, the run would be met again and again.
  const begins = words[0] === '' ? '(?<!\\s)' : '';
  const pattern = new RegExp(begins + words.map(escapePattern).join('\\s+'), 'gu');
  const found: { start: number; end: number }[] = [];
  for (let match = pattern.exec(text); match !== null && found.length < most; match = pattern.exec(text)) {
    found.push({ start: match.index, end: match.index + match[0].length });
    pattern.lastIndex = match.index + 1;
  }
  return found;
}

function escapePattern(word: string): string {
  return word.replace(/[\\^$.*+?()[\]{}|/]/gu, '\\$&');
}
