import { describe, expect, test } from 'vitest';
import { parseAddress } from '../../src/channel/address.ts';
import { foldName } from '../../src/fold.ts';
import { cleanLine, cleanText, decodeHtml, escapeHtml } from '../../src/render/clean.ts';
import { markFound } from '../../src/render/mark-found.ts';
import { wrapText } from '../../src/render/wrap-text.ts';
import { normaliseName } from '../../src/screen/normalise.ts';
import { cpuMs } from '../helpers/cpu-ms.ts';

const refused = (work: () => unknown) => {
  try {
    work();
  } catch {
    // That it ends is what counts.
  }
};
/** What reads text that others wrote, outside the parser, which has a test like this of its own. */
const READERS: Record<string, (text: string) => unknown> = {
  foldName,
  cleanText,
  cleanLine,
  escapeHtml,
  decodeHtml,
  normaliseName,
  wrapText: (text) => wrapText(text),
  markFound: (text) => markFound(text, 'acme', ['acme', 'ltd']),
  parseAddress: (text) => refused(() => parseAddress(text)),
};
const PIECES = ['a', ' ', '. ', '(', '&amp', '<a ', 'a@', '-', 'Ltd. ', '浪潮', 'a\u0301', 'co., ltd '];
const SHORT = 25_000;
const make = (piece: string, length: number) =>
  piece.repeat(Math.ceil(length / piece.length)).slice(0, length);

describe.each(Object.entries(READERS))('%s', (_name, read) => {
  test('costs four times as much for four times the text, and not sixteen times', () => {
    for (const piece of PIECES) {
      const [short, long] = [make(piece, SHORT), make(piece, 4 * SHORT)];
      const least = (text: string) => Math.min(...[0, 1, 2].map(() => cpuMs(() => read(`${text}!`))));
      read(short);
      // A few milliseconds are the grain of the clock and of the collector.
      expect([piece, least(long) <= 9 * least(short) + 20]).toEqual([piece, true]);
    }
  });
});
