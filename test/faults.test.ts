import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

const root = new URL('../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');

interface Row {
  number: number;
  shownBy: string;
}

function rowsOf(text: string): Row[] {
  return [...text.matchAll(/^\|\s*(\d+)\s*\|(.*)\|\s*$/gmu)].map(([, number, rest]) => {
    const cells = rest!.split('|').map((cell) => cell.trim());
    expect(cells, `row ${number} has fault, outcome, tests and stores`).toHaveLength(4);
    expect(cells, `row ${number} has no empty cell`).not.toContain('');
    return { number: Number(number), shownBy: cells[2]! };
  });
}

const [firstHalf, secondHalf] = read('docs/faults.md').split('## Targets, stores, web').map(rowsOf) as [
  Row[],
  Row[],
];
/** A path in backquotes and the titles behind it. */
const shown = [...firstHalf, ...secondHalf].flatMap(({ number, shownBy }) =>
  [...shownBy.matchAll(/`(test\/[^`]+)`((?:,? “[^”]+”)*)/gu)].map(([, file, titles]) => ({
    number,
    file: file!,
    titles: [...titles!.matchAll(/“([^”]+)”/gu)].map(([, title]) => title!),
  })),
);

describe('the table of faults', () => {
  test('has every row, once and in order', () => {
    expect(firstHalf.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, at) => at + 1));
    if (secondHalf.length > 0)
      expect(secondHalf.map(({ number }) => number)).toEqual(Array.from({ length: 20 }, (_, at) => at + 21));
  });

  test.each(shown)('row $number names a test that is there: $file', ({ file, titles }) => {
    expect(existsSync(new URL(file, root))).toBe(true);
    expect(titles).not.toEqual([]);
    const text = read(file).replace(/\\'/gu, "'");
    expect(titles.filter((title) => !text.includes(title))).toEqual([]);
  });

  test.each([...firstHalf, ...secondHalf])('row $number is shown by a test or a command', ({ shownBy }) => {
    const scripts: object = JSON.parse(read('package.json')).scripts;
    const commands = [...shownBy.matchAll(/`npm run ([^`\s]+)`/gu)].map(([, name]) => name!);
    for (const command of commands) expect(scripts).toHaveProperty([command]);
    expect(commands.length + [...shownBy.matchAll(/`test\//gu)].length).toBeGreaterThan(0);
  });
});
