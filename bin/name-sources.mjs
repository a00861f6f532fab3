// Stack traces of a bundle name the sources. Node does so too, but reads every map at the start for it, which takes a
// tenth of it; here a map is read when the first error of its file is told.
import { readFileSync } from 'node:fs';
import { SourceMap } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** From now on, for the bundle in this folder. */
export function nameSources(folder) {
  const maps = new Map();
  const start = pathToFileURL(`${folder}/`).href;
  const place = /(file:\/\/[^\s()]+\/([\w.-]+\.mjs)):(\d+):(\d+)/g;
  const name = (whole, file, base, line, column) => {
    if (!file.startsWith(start)) return whole;
    try {
      if (!maps.has(base))
        maps.set(base, new SourceMap(JSON.parse(readFileSync(`${fileURLToPath(file)}.map`, 'utf8'))));
      const found = maps.get(base).findEntry(line - 1, column - 1);
      if (found.originalSource === undefined) return whole;
      const source = pathToFileURL(resolve(join(folder, found.originalSource)));
      return `${source.href}:${found.originalLine + 1}:${found.originalColumn + 1}`;
    } catch {
      return whole;
    }
  };
  Error.prepareStackTrace = (error, frames) =>
    [`${Error.prototype.toString.call(error)}`, ...frames.map((frame) => `    at ${frame}`)]
      .join('\n')
      .replace(place, name);
}
