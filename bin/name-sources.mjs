// Stack traces of a bundle name the sources. Node does so too, but reads every map at the start for it, which is a
// tenth of a short command; here a map is read when an error of its file is told, and let go soon after, since it
// takes megabytes.
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const PLACE = /(file:\/\/[^\s()]+):(\d+):(\d+)/g;
const HELD_MS = 1_000;

/** From now on, for the bundle in this folder. */
export function nameSources(folder) {
  const start = pathToFileURL(`${folder}/`).href;
  const maps = new Map();
  const read = (file) => {
    if (maps.size === 0) setTimeout(() => maps.clear(), HELD_MS).unref();
    const known = maps.get(file);
    if (known !== undefined) return known;
    const map = new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(file)}.map`, 'utf8')));
    maps.set(file, map);
    return map;
  };
  const name = (place, file, line, column) => {
    if (!file.startsWith(start)) return place;
    try {
      const { originalSource, originalLine, originalColumn } = read(file).findEntry(line - 1, column - 1);
      const source = pathToFileURL(resolve(folder, originalSource)).href;
      return `${source}:${originalLine + 1}:${originalColumn + 1}`;
    } catch {
      // A place in the bundle tells more than none.
      return place;
    }
  };
  Error.prepareStackTrace = (error, frames) =>
    [
      Error.prototype.toString.call(error),
      ...frames.map((frame) => `    at ${frame}`.replace(PLACE, name)),
    ].join('\n');
}
