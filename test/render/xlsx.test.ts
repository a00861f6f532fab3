import { load } from 'cheerio';
import readWorkbook from 'read-excel-file/node';
import { expect, test } from 'vitest';
import type { Entry } from '../../src/model.ts';
import { renderChangesWorkbook, renderFoundWorkbook } from '../../src/render/xlsx.ts';
import { hostileChanges, sampleAddition, sampleEntry } from '../helpers/sample-changes.ts';
import { unzipFile } from '../helpers/unzip-file.ts';

/** How a spreadsheet is told that there is something to compute, and what it takes for a date or a number. */
const STARTS = ['=1+1', '=HYPERLINK("https://evil.test")', '+1', '-1', '@SUM(1)', '\tx', '1e5', '2025-03-28'];
const CHANGES = STARTS.map((name, at) => sampleAddition(at, 'CN', 'CHINA', sampleEntry(name)));
const FOUND = CHANGES.map(({ entryId, list, destination, country, after }) => ({
  entry: { ...after!, entryId, list, destination, country } as Entry,
  startsOn: null,
  similar: ['=2+2'],
}));

const workbooks: [of: string, make: () => Promise<Buffer>][] = [
  ['changes', () => renderChangesWorkbook(CHANGES, null)],
  ['hostile changes', () => renderChangesWorkbook(hostileChanges(), null)],
  ['entries that were found', () => renderFoundWorkbook(FOUND)],
];

test.each(workbooks)('a workbook of %s has texts typed as texts, and no formula', async (_of, make) => {
  const $ = load(unzipFile(await make(), 'xl/worksheets/sheet1.xml').toString(), { xml: true });
  expect($('f')).toHaveLength(0);
  const types = $('c')
    .filter((_, cell) => $('v, t', cell).length > 0)
    .map((_, cell) => $(cell).attr('t') ?? 'n');
  const counted = types.get().filter((type) => type !== 's' && type !== 'inlineStr');
  // Numbers are our own: of the change, its row and its page.
  expect(counted.every((type) => type === 'n')).toBe(true);
  expect(types.length - counted.length).toBeGreaterThan(60);
});

test('a text that looks like a formula, a date or a number comes back from a workbook as that text', async () => {
  for (const [bytes, column] of [
    [await renderChangesWorkbook(CHANGES, null), 'name'],
    [await renderFoundWorkbook(FOUND), 'name'],
  ] as const) {
    const [head, ...rows] = (await readWorkbook(bytes))[0]!.data;
    expect(rows.map((row) => row[head!.indexOf(column)])).toEqual(STARTS.map((name) => name.trim()));
  }
});
