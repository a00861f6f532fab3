import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const SOURCE = JSON.stringify(join(process.cwd(), 'src/watchlist'));
/** Reads watchlists of so many rows one after the other; each row is 20 to 30 bytes. Prints what came of each. */
const PROGRAM = `
  const { spoolUpload } = await import(${SOURCE} + '/spool.ts');
  const { readWatchlist } = await import(${SOURCE} + '/read-watchlist.ts');
  async function* rowsOf(count) {
    yield Buffer.from('id,name,country\\n');
    for (let at = 0; at < count; at += 1_000) {
      const rows = Array.from({ length: Math.min(1_000, count - at) }, (_, of) => (at + of) + ',Company No. ' + (at + of) + ',CN\\n');
      yield Buffer.from(rows.join(''));
    }
  }
  const said = [];
  const before = process.resourceUsage().maxRSS;
  for (const count of [1_000_000, 1_000_001]) {
    const file = await spoolUpload(rowsOf(count));
    let taken = 0;
    try {
      const { rows } = await readWatchlist(file, { take: async (batch) => void (taken += batch.length) });
      said.push({ rows, taken });
    } catch ({ code }) {
      said.push({ code });
    } finally {
      await file.remove();
    }
  }
  console.log(JSON.stringify({ said, grownMb: (process.resourceUsage().maxRSS - before) / 1024 }));
`;

test('a million rows are read in less than 200 MB, and one more is refused', {
  timeout: 180_000,
}, async () => {
  const args = ['--import', 'tsx', '--input-type=module', '-e', PROGRAM];
  const { stdout } = await promisify(execFile)(process.execPath, args);
  const { said, grownMb } = JSON.parse(stdout);
  expect(said).toEqual([{ rows: 1_000_000, taken: 1_000_000 }, { code: 'watchlist-too-many-rows' }]);
  expect(grownMb).toBeLessThan(200);
});
