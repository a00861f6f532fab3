import { createReadStream } from 'node:fs';
import type { Encoding } from './detect-encoding.ts';
import { MAX_RECORD } from './limits.ts';
import { refuse } from './refuse.ts';

/** One object of the file: in an array its place from 1, else the line on which it begins. */
export interface JsonRow {
  row: number;
  value: Record<string, unknown>;
}

/**
 * Reads objects one by one, out of one array or from a line each (NDJSON), so that memory does not follow the
 * length of the file.
 *
 * @throws ElwatchError `watchlist-unreadable` with its place, also where the file ends within an array or object
 */
export async function* readJson(
  path: string,
  encoding: Encoding,
  onBytes: (count: number) => void,
): AsyncGenerator<JsonRow> {
  const decoder = new TextDecoder(encoding);
  let inArray: boolean | null = null;
  let isClosed = false;
  /** Between objects: whether a comma or the opening bracket stood last. */
  let mayBegin = true;
  let line = 1;
  let place = 0;
  let depth = 0;
  let inString = false;
  let escaped = false;
  let start = 0;
  let startLine = 1;
  let rest = '';

  const fail = (what: string, cause?: unknown) =>
    refuse(
      'watchlist-unreadable',
      `the JSON cannot be read at line ${line}, after object ${place}: ${what}`,
      'give one array of objects, or one object a line',
      cause,
    );

  for await (const chunk of createReadStream(path)) {
    onBytes(chunk.length);
    const from = rest.length;
    const text = rest + decoder.decode(chunk as Buffer, { stream: true });
    if (depth === 0) start = text.length;
    for (let at = from; at < text.length; at += 1) {
      const mark = text[at]!;
      if (mark === '\n') line += 1;
      if (inString) {
        if (escaped) escaped = false;
        else if (mark === '\\') escaped = true;
        else if (mark === '"') inString = false;
      } else if (depth > 0) {
        if (mark === '"') inString = true;
        else if (mark === '{' || mark === '[') depth += 1;
        else if (mark === '}' || mark === ']') {
          depth -= 1;
          if (depth === 0) {
            place += 1;
            mayBegin = !inArray;
            yield { row: inArray ? place : startLine, value: parseObject(text.slice(start, at + 1)) };
            start = text.length;
          }
        }
      } else if (mark === '{') {
        inArray ??= false;
        if (isClosed || !mayBegin) throw fail('an object where none is expected');
        depth = 1;
        start = at;
        startLine = line;
      } else if (mark === '[' && inArray === null) inArray = true;
      else if (mark === ']' && inArray && !isClosed) isClosed = true;
      else if (mark === ',' && inArray && !isClosed && !mayBegin) mayBegin = true;
      else if (!/[\s\ufeff]/u.test(mark)) throw fail(`“${mark}” where an object is expected`);
    }
    rest = text.slice(start);
    start = 0;
    if (rest.length > MAX_RECORD) throw fail(`an object has more than ${MAX_RECORD} characters`);
  }
  if (depth > 0 || (inArray && !isClosed)) throw fail('the file ends in the middle');

  function parseObject(text: string): Record<string, unknown> {
    try {
      return JSON.parse(text) as Record<string, unknown>;
    } catch (cause) {
      throw fail('the object before is no JSON', cause);
    }
  }
}
