import { describe, expect, it } from 'vitest';
import { reconcileEntries } from '../../src/list/reconcile.ts';
import { reconcileScreening, type Screened } from '../../src/list/reconcile-csl.ts';
import { assertNotShrunk, lostRows } from '../../src/list/reconcile-size.ts';
import { indexPages } from '../../src/list/reconcile-tolerance.ts';
import type { Entry, PlacedEntry } from '../../src/model.ts';
import { listed } from '../helpers/audit-setting.ts';
import { withIds } from '../helpers/fixtures.ts';

const PAGES = indexPages([
  { volume: 87, start: 100, end: 110 },
  { volume: 87, start: 110, end: 120 },
]);

/** "kind ours / theirs (fields)" of each difference. */
const told = (
  found: { kind: string; ours: Entry | null; theirs: { name: string } | null; fields: string[] }[],
) =>
  found.map(
    ({ kind, ours, theirs, fields }) =>
      `${kind} ${ours?.name ?? '-'} / ${theirs?.name ?? '-'} ${fields.join(',')}`,
  );

describe('our list and eCFR’s', () => {
  const compare = (ours: PlacedEntry[], theirs: PlacedEntry[]) =>
    told(reconcileEntries(withIds(ours), theirs, PAGES));
  const at = (address: string) => ({ addresses: [`${address}, Beijing, China`] });

  it('meet by destination and name, of two of one name by their addresses', () => {
    const twins = [listed('Wong Yung Fai', at('Full Road')), listed('Wong Yung Fai', { addresses: [] })];
    expect(compare(twins, [...twins].reverse())).toEqual([]);
    expect(compare(twins, twins.slice(1))).toEqual(['missing-there Wong Yung Fai / - ']);
    const address = { addresses: ['No. 52 Hasat Street, Istanbul, Turkey'], country: 'TR' };
    expect(compare([listed('Address 01')], [listed('Address 01', address)])).toEqual([
      'missing-there Address 01 / - ',
      'missing-here - / Address 01 ',
    ]);
  });

  it('meet as moved and as renamed', () => {
    expect(compare([listed('Kowloon Parts')], [listed('Kowloon Parts', { country: 'HK' })])).toEqual([
      'differs Kowloon Parts / Kowloon Parts destination',
    ]);
    expect(compare([listed('Old Name', at('7 Road'))], [listed('New Name', at('7 Road'))])).toEqual([
      'differs Old Name / New Name name',
    ]);
  });

  it('cite one document by any of its pages, also by one that it shares with the next', () => {
    const cites = (page: number) => listed('A', { citations: [{ volume: 87, page, on: null }] });
    expect(compare([cites(102)], [cites(100)])).toEqual([]);
    expect(compare([cites(102)], [cites(110)])).toEqual([]);
    expect(compare([cites(118)], [cites(110)])).toEqual([]);
    expect(compare([cites(102)], [cites(118)])).toEqual(['differs A / A citations']);
  });
});

describe('our list and the rows of the Consolidated Screening List', () => {
  const row = (name: string, fields: Partial<Screened> = {}): Screened => ({
    ...{ list: 'entity-list', name, altNames: [], countries: ['CN'], citations: [] },
    ...fields,
  });
  const ALL = { countriesOf: () => [], documentsCited: PAGES };
  const compare = (ours: PlacedEntry[], rows: Screened[], countries: string[] = []) =>
    told(reconcileScreening(withIds(ours), rows, { ...ALL, countriesOf: () => countries }));

  it.each<[string, PlacedEntry, Screened]>([
    ['under an alias', listed('Acme', { aliases: ['Acme Works'] }), row('Acme Works')],
    ['as an alias of theirs', listed('Acme'), row('Acme Works', { altNames: ['ACME'] })],
    ['with letters that were lost', listed('Academy’s 159 Factory'), row('Academy?s 159 Factory')],
    ['with a damaged letter', listed('Çınar Lojistik'), row('\ufffdınar Lojistik')],
    ['with its former name', listed('Acme'), row('Acme, f.k.a. Old Acme')],
    ['as a part of another', listed('Bowei'), row('CETC 13, subordinate institution: Bowei')],
    ['with a mark in front', listed('Bowei'), row('Affiliated Entity: Bowei')],
    ['without a country', listed('Acme'), row('Acme', { countries: [] })],
    ['in Hong Kong, which stands under China', listed('Acme'), row('Acme', { countries: ['HK'] })],
  ])('meet %s', (_what, ours, theirs) => {
    expect(compare([ours], [theirs])).toEqual([]);
  });

  it('meet where one row covers an entry under each country', () => {
    const both = [listed('Ghoura', { country: 'AE' }), listed('Ghoura', { country: 'PK' })];
    const merged = row('Ghoura', { countries: ['AE', 'PK'] });
    expect(compare(both, [merged])).toEqual([]);
    const [missing] = reconcileScreening(withIds(both.slice(0, 1)), [merged], ALL);
    // Nothing but the country that is not accounted for.
    expect(missing).toMatchObject({ kind: 'missing-here', theirs: { countries: ['PK'] } });
    expect(compare(both.slice(0, 1), [merged], ['PK'])).toEqual([]);
    expect(compare([...both, listed('Ghoura', { country: 'RU' })], [merged])).toEqual([
      'missing-there Ghoura / - ',
    ]);
  });

  it('differ in a name that has an alias in common, and in a country', () => {
    expect(
      compare([listed('Krapivina', { aliases: ['EK'] })], [row('Krapivinia', { altNames: ['EK'] })]),
    ).toEqual(['differs Krapivina / Krapivinia name']);
    expect(compare([listed('Acme')], [row('Acme', { countries: ['TR'] })])).toEqual([
      'differs Acme / Acme destination',
    ]);
  });

  it('are compared by the first page of documents that are known here', () => {
    const ours = (page: number) => listed('Acme', { citations: [{ volume: 87, page, on: null }] });
    const cites = (...pages: number[]) =>
      row('Acme', { citations: pages.map((page) => ({ volume: 87, page })) });
    expect(compare([ours(104)], [cites(100)])).toEqual([]);
    expect(compare([ours(104)], [cites(100, 5_000)])).toEqual([]);
    expect(compare([ours(104)], [cites(5_000)])).toEqual(['differs Acme / Acme citations']);
    // Of a document that is not known nothing can be told, nor of a row that cites nothing.
    expect(compare([ours(9_000)], [cites(8_990)])).toEqual([]);
    expect(compare([ours(104)], [cites()])).toEqual([]);
  });

  it('are compared in a time that does not grow with their product', () => {
    const names = (from: string) => Array.from({ length: 4_000 }, (_, at) => `${from} ${at}`);
    const ours = names('Ours').map((name) => listed(name, { aliases: [`${name} alias`, 'Shared'] }));
    const rows = names('Theirs').map((name) => row(name, { altNames: [`${name} alias`] }));
    const begun = performance.now();
    expect(compare(ours, rows)).toHaveLength(8_000);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

describe('the rows that a source lost', () => {
  it('are counted by name, whatever came instead, and without those that left our list', () => {
    expect(lostRows(['A', 'B', 'B', 'C'], ['b', 'D', 'E'], ['C'])).toEqual(['A', 'B']);
  });

  it.each([
    [1000, 10, false],
    [1000, 11, true],
    [40, 1, false],
    [40, 2, true],
  ])('of %i are too many with %i: %s', (before, count, refused) => {
    const lost = Array.from({ length: count }, (_, at) => `Row ${at}`);
    const assert = () => assertNotShrunk({ what: 'it', rows: before - count, before, lost });
    if (refused) expect(assert).toThrow(/lost/u);
    else expect(assert).not.toThrow();
  });
});
