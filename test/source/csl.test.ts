import { describe, expect, it } from 'vitest';
import { readScreeningList } from '../../src/parse/csl.ts';
import { createCsl } from '../../src/source/csl.ts';
import { firms, listed } from '../helpers/audit-setting.ts';
import { failureOf, openHttp, openUpstream } from '../helpers/upstream.ts';

const FOLDER = '/downloadable_consolidated_screening_list/v1/consolidated';

async function open() {
  const standIn = await openUpstream();
  standIn.screened = [
    ...firms(30),
    listed('Ghoura', {
      country: 'AE',
      aliases: ['Farid', 'Fazel', 'Idris'],
      addresses: ['Flat 41; Dubai, U.A.E.'],
    }),
    listed('Ghoura', { country: 'PK', addresses: ['Peshawar, Pakistan'] }),
    listed('Academy’s Factory'),
    listed('Unseen Lab', { list: 'unverified-list' }),
  ];
  return { standIn, csl: createCsl({ http: openHttp(standIn), baseUrl: standIn.url }) };
}

// The quirks of sources §6, so that nobody mistakes the stand-in for a kinder site.
describe('the Consolidated Screening List', () => {
  it('repeats its header in the middle, merges rows, loses letters, and comes in another order each time', async () => {
    const { csl } = await open();
    const first = await csl.fetchList();
    const list = readScreeningList(first.bytes, first.form);
    expect(first.form).toBe('csv');
    expect(list).toMatchObject({ total: 35, nameless: 1, repeatedHeaders: 1 });
    expect(list.rows.find(({ name }) => name === 'Ghoura')).toMatchObject({
      countries: ['AE', 'PK'],
      altNames: ['Farid', 'Fazel', 'Idris'],
      addresses: [
        { text: 'Flat 41, Dubai', country: 'AE' },
        { text: 'Peshawar', country: 'PK' },
      ],
    });
    expect(list.rows.map(({ name }) => name)).toContain('Academy?s Factory');
    const second = readScreeningList((await csl.fetchList()).bytes, 'csv');
    const names = (of: typeof list) => of.rows.map(({ name }) => name);
    expect(names(second)).not.toEqual(names(list));
    expect(names(second).sort()).toEqual(names(list).sort());
  });

  it('is read alike as JSON, which is asked for where the CSV is not there', async () => {
    const { standIn, csl } = await open();
    const csv = readScreeningList((await csl.fetchList()).bytes, 'csv');
    standIn.failNext(`${FOLDER}.csv`, 404);
    const { bytes, form } = await csl.fetchList();
    expect(form).toBe('json');
    const json = readScreeningList(bytes, form);
    const byName = (of: typeof csv) =>
      [...of.rows].sort((a, b) => (a.name + a.list < b.name + b.list ? -1 : 1));
    expect(byName(json)).toEqual(byName(csv));
  });

  it.each([503, 403, 'truncate'] as const)(
    'that fails with %s is not asked for in another form',
    async (fault) => {
      const { standIn, csl } = await open();
      standIn.failNext(`${FOLDER}.csv`, fault);
      await failureOf(csl.fetchList());
      expect(standIn.requests).toHaveLength(1);
    },
  );

  it('that is in neither form ends with the first failure', async () => {
    const { standIn, csl } = await open();
    standIn.screened = null;
    expect(await failureOf(csl.fetchList())).toMatchObject({ code: 'http-404' });
    expect(standIn.requests.map(({ path }) => path)).toEqual([`${FOLDER}.csv`, `${FOLDER}.json`]);
  });

  it.each([
    ['a cut cell', 'csv', '_id,source,name,addresses,federal_register_notice,alt_names\n1,EL,"Acme'],
    ['a page', 'csv', '<html><body>Sorry</body></html>'],
    ['no column of names', 'csv', '_id,source,addresses,federal_register_notice,alt_names\n1,EL,x,y,z'],
    ['nothing but its header', 'csv', '_id,source,name,addresses,federal_register_notice,alt_names\n'],
    ['half of its JSON', 'json', '{"results":[{"name":"Acme"'],
    ['JSON of another form', 'json', '{"error":"no"}'],
    ['an empty list', 'json', '{"results":[]}'],
  ] as const)('is unreadable with %s', (_what, form, text) => {
    expect(() => readScreeningList(Buffer.from(text), form)).toThrow(
      expect.objectContaining({ code: 'csl-unreadable', retry: true }),
    );
  });
});
