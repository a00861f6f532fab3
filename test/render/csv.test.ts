import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cleanText } from '../../src/render/clean.ts';
import { renderCsv, renderListCsv } from '../../src/render/csv.ts';
import {
  hostileChanges,
  sampleAddition,
  sampleChanges,
  sampleDocument,
  sampleEntry,
} from '../helpers/sample-changes.ts';

const read = (csv: string): Record<string, string>[] => parse(csv, { bom: true, columns: true });

test('one row for each change, with both clocks and the place in the document', () => {
  const csv = renderCsv(sampleChanges(), sampleDocument());
  expect(csv.startsWith('\uFEFFseq,change,list,destination,country,name,aliases,')).toBe(true);
  const rows = read(csv);
  expect(rows).toHaveLength(8);
  expect(rows[0]).toMatchObject({
    seq: '101',
    change: 'added',
    country: 'China',
    aliases: 'BEI; 北京示例研究所',
    'effective on': '2025-03-25',
    'published on': '2025-03-28',
    document: '2025-05426',
    paragraph: '2.a',
    row: '1',
    page: '14036',
  });
  expect(rows[6]).toMatchObject({
    'changed fields': 'aliases; addresses; license review policy',
    'before license review policy': 'Presumption of denial',
    'license review policy': 'Case-by-case review',
  });
  expect(rows[7]).toMatchObject({ change: 'removed', name: 'Gone Trading GmbH', 'before name': '' });
});

test('no cell acts as a formula or hides characters', () => {
  for (const row of read(renderCsv(hostileChanges()))) {
    for (const cell of Object.values(row)) {
      expect(cell).not.toMatch(/^[=+\-@\t\r]/u);
      expect(cell).not.toMatch(/[\u202A-\u202E\u2066-\u2069\u200B\uFEFF\0\r]/u);
    }
  }
  const starts = ['=1+1', '+1', '-1', '@x', '\tx', '\rx'];
  const rows = read(renderCsv(starts.map((name, i) => sampleAddition(i, 'CN', 'CHINA', sampleEntry(name)))));
  expect(rows.map((row) => row.name)).toEqual(["'=1+1", "'+1", "'-1", "'@x", "'\tx", '\nx']);
});

test('every name comes back from the CSV', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 80 }), (name) => {
      const row = read(renderCsv([sampleAddition(1, 'CN', 'CHINA', sampleEntry(name))]))[0];
      expect(row?.name?.replace(/^'(?=[=+\-@\t\r＝＋－＠])/u, '')).toBe(cleanText(name));
    }),
    { numRuns: 300 },
  );
});

test('a list has one row for each entry', () => {
  const entry = {
    ...sampleEntry('A'),
    entryId: 'e1',
    list: 'entity-list' as const,
    destination: 'IRAN',
    country: 'IR',
  };
  expect(read(renderListCsv([entry]))).toMatchObject([{ 'entry id': 'e1', country: 'Iran', name: 'A' }]);
});
