import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { type NamedTest, readNamedTests, type Store } from './helpers/named-tests.ts';

/*
 * Keeps docs/faults.md: every row is there, what it names is a test or a command that is there, and what it says of
 * stores is so.
 */

const root = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

const ROWS = Array.from({ length: 40 }, (_, at) => at + 1);
/** The rows that no release may go without: the ordinary suite shows them, whatever a command shows besides. */
const BLOCKERS = [1, 2, 3, 4, 5, 6, 8, 12, 13, 14, 15, 18, 21, 22, 23, 25, 28, 29, 30, 35, 36];
/** The words of the last column, and on what at least one test or command of the row must run. */
const STORES: Record<string, Store[]> = {
  '–': [],
  // The embedded default, which is what a test opens that names none.
  PGlite: [],
  both: ['PGlite', 'PostgreSQL'],
  all: ['PGlite', 'PostgreSQL', 'Redis'],
  'Redis with both': ['PGlite', 'PostgreSQL', 'Redis'],
  'PostgreSQL, with Redis too': ['PostgreSQL', 'Redis'],
};

interface Row {
  number: number;
  stores: string;
  tests: { file: string; titles: string[] }[];
  /** Of `npm run`. */
  commands: string[];
}

const rows: Row[] = [...read('docs/faults.md').matchAll(/^\|\s*(\d.*)\|\s*$/gmu)].map(([, line]) => {
  const cells = line!.split('|').map((cell) => cell.trim());
  expect(cells, `row ${cells[0]} has number, fault, outcome, tests and stores`).toHaveLength(5);
  expect(cells, `row ${cells[0]} has no empty cell`).not.toContain('');
  const [number, , , shownBy, stores] = cells as [string, string, string, string, string];
  // A path in backquotes and the titles behind it.
  const tests = [...shownBy.matchAll(/`(test\/[^`]+)`((?:,? “[^”]+”)*)/gu)].map(([, file, titles]) => ({
    file: file!,
    titles: [...titles!.matchAll(/“([^”]+)”/gu)].map(([, title]) => title!),
  }));
  const named = tests.flatMap(({ titles }) => titles).length;
  expect(named, `row ${number} has each title behind its file`).toBe(shownBy.split('“').length - 1);
  return {
    number: Number(number),
    stores,
    tests,
    commands: [...shownBy.matchAll(/`npm run ([^`\s]+)/gu)].map(([, name]) => name!),
  };
});

const files = new Map<string, NamedTest[]>();
function testsOf(file: string): NamedTest[] {
  const known = files.get(file) ?? readNamedTests(new URL(file, root));
  files.set(file, known);
  return known;
}

const resultsOf = (command: string) => `bench/results/${command.replaceAll(':', '-')}.json`;

/** The stores of the figures that the last run of a command left. */
function storesOfCommand(command: string): Set<string> {
  const path = resultsOf(command);
  const text = existsSync(new URL(path, root)) ? read(path) : '';
  return new Set(
    [...text.matchAll(/"store": "([^"]+)"/gu)].flatMap(([, store]) => store!.split(/ and |, /u)),
  );
}

describe('the table of faults', () => {
  test('has every row, once and in order', () => {
    expect(rows.map(({ number }) => number)).toEqual(ROWS);
  });

  const shown = rows.flatMap(({ number, tests }) => tests.map((one) => ({ number, ...one })));
  test.each(shown)('row $number names tests that are there: $file', ({ file, titles }) => {
    expect(titles).not.toEqual([]);
    const there = testsOf(file).map(({ title }) => title);
    expect(there).toEqual(expect.arrayContaining(titles));
  });

  test.each(rows)(
    'row $number names commands that are there and have left figures, or none',
    ({ commands }) => {
      const scripts: object = JSON.parse(read('package.json')).scripts;
      for (const command of commands) {
        expect(scripts).toHaveProperty([command]);
        expect(existsSync(new URL(resultsOf(command), root)), resultsOf(command)).toBe(true);
      }
    },
  );

  test.each(rows)(
    'row $number is shown by a test, or by a command where it may wait',
    ({ number, tests, commands }) => {
      expect(tests.length + (BLOCKERS.includes(number) ? 0 : commands.length)).toBeGreaterThan(0);
    },
  );

  test.each(rows)('row $number runs on what it says: $stores', ({ stores, tests, commands }) => {
    expect(Object.keys(STORES)).toContain(stores);
    const ran = [
      ...tests.flatMap(({ file, titles }) =>
        testsOf(file).flatMap((one) => (titles.includes(one.title) ? [one.stores as Set<string>] : [])),
      ),
      ...commands.map(storesOfCommand),
    ];
    const needed = STORES[stores]!;
    if (needed.length > 0) expect(ran.map((one) => [...one])).toContainEqual(expect.arrayContaining(needed));
  });
});

describe('the tests of a file', () => {
  const file = 'test/faults/clock.test.ts';

  test('are found by their titles, with the stores of the groups around them', () => {
    const storesOf = (title: string) =>
      testsOf(file)
        .filter((one) => one.title === title)
        .map(({ stores }) => [...stores]);
    expect(storesOf('back an hour or forward a day tells nothing twice and leaves nothing out')).toEqual([
      ['PGlite', 'PostgreSQL'],
    ]);
    expect(storesOf('run on when the clock is put back an hour or forward a day, one at a time')).toEqual([
      ['PGlite', 'PostgreSQL', 'Redis'],
    ]);
  });

  test('are not found by a part of a title, or by other words of the file', () => {
    const titles = testsOf(file).map(({ title }) => title);
    expect(titles).not.toContain('back an hour or forward a day');
    expect(titles).not.toContain('ana@example.org');
  });
});
