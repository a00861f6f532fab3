import { readFileSync } from 'node:fs';

/** Version of the package, for the User-Agent and `--version`. */
export function readVersion(): string {
  return JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version;
}
