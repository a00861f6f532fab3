import { describe, expect, it } from 'vitest';
import { ElwatchError } from '../../src/errors.ts';
import { reconcileEntries } from '../../src/list/reconcile.ts';
import {
  foldedNamesOf,
  reconcileScreening,
  type Screened,
  showScreened,
} from '../../src/list/reconcile-csl.ts';
import {
  assertLargeEnough,
  assertNotEmpty,
  assertNotShrunk,
  lostRows,
} from '../../src/list/reconcile-size.ts';
import {
  cellKey,
  indexPages,
  isSameCitation,
  requirementKey,
  tolerant,
} from '../../src/list/reconcile-tolerance.ts';
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

describe('a source that is refused', () => {
  const refusal = (assert: () => void) => {
    try {
      assert();
    } catch (error) {
      if (error instanceof ElwatchError)
        return `${error.code} ${error.retry}: ${error.message} (${error.hint})`;
      throw error;
    }
    return null;
  };

  it('is one that lost too much, with its share and three of the names, cut', () => {
    const lost = ['A'.repeat(120), 'B', 'C', 'D'];
    const said = refusal(() => assertNotShrunk({ what: 'The list', rows: 196, before: 200, lost }));
    expect(said).toBe(
      `source-shrank true: The list has 196 rows where it had 200: it lost 4 (2.0 %) that no rule removed, among them “${'A'.repeat(100)}”, “B”, “C” (nothing was compared and the last good snapshot is kept; where the source is right, run elwatch audit --accept-shrink)`,
    );
  });

  it.each([
    [100, 200, false],
    [99, 200, true],
    [0, 0, false],
  ])('is one of %i rows at the first look where ours are %i: %s', (rows, ours, refused) => {
    const said = refusal(() => assertLargeEnough('The list', rows, ours));
    if (refused)
      expect(said).toMatch(
        /^source-too-small true: The list has 99 rows at the first look, and our list has 200 entries \(nothing was compared.*accept-shrink\)$/u,
      );
    else expect(said).toBeNull();
  });

  it.each([
    [0, 1, true],
    [1, 1, false],
    [0, 0, false],
    [1, 0, false],
  ])('is one of %i rows, at any look, where ours are %i: %s', (rows, ours, refused) => {
    const said = refusal(() => assertNotEmpty('The list', rows, ours));
    expect(said).toBe(
      refused
        ? 'source-empty true: The list has no row, and our list has 1 entries (nothing was compared; open the source and look: its form may have changed)'
        : null,
    );
  });
});

describe('what print varies', () => {
  it.each([
    ['dashes', 'A–B—C−D', 'A-B-C-D'],
    ['quotes', '“A” ‘B’', `"A" 'B'`],
    ['white space', ' A \u00a0 B ', 'A B'],
    ['stops at the end', 'A, Ltd. ;', 'A, Ltd'],
    ['a composed letter', 'e\u0301', 'é'],
  ])('%s', (_what, a, b) => {
    expect(tolerant(a)).toBe(tolerant(b));
    expect(tolerant(a)).not.toBe('');
  });

  it.each([
    ['A-B', 'A B'],
    ['A B', 'AB'],
    ['"A"', 'A'],
    ['A, B', 'A B'],
    ['A', 'a'],
  ])('does not make %s and %s one', (a, b) => {
    expect(tolerant(a)).not.toBe(tolerant(b));
  });

  it.each([
    ['For all items subject to the EAR.', 'All items subject to the EAR'],
    ['  for  all items', 'All items'],
    ['All items subject to the EAR 1.', 'All items subject to the EAR.'],
    ['All items subject to the EAR.) 2', 'All items subject to the EAR.)'],
    ['See § 744.11(a) 3', 'See § 744.11(a)'],
    ['See § 744.11(a),4 and more', 'See § 744.11(a), and more'],
  ])('the requirement “%s” is “%s”', (a, b) => {
    expect(requirementKey(a)).toBe(requirementKey(b));
  });

  it.each([
    ['See § 744.11', 'See § 744.1'],
    ['See § 744.21(b)', 'See § 744.21'],
    ['Items waiting for review', 'Items waiting review'],
    ['See § 744.11(a) 33', 'See § 744.11(a)'],
    ['See § 744.11 5', 'See § 744.11'],
    ['Subject to the EAR', 'Subject to'],
    ['Subject to § 744.2(c) X', 'Subject to § 744.2(c)'],
  ])('the requirement “%s” is not “%s”', (a, b) => {
    expect(requirementKey(a)).not.toBe(requirementKey(b));
  });

  it('is where the parts of a cell end', () => {
    const cell = listed('X, Institute', { aliases: ['Y; Z'], addresses: ['2 Street.  City'] });
    expect(cellKey(cell)).toBe('XInstituteYZ2StreetCity');
    expect(
      reconcileEntries(
        withIds([cell]),
        [listed('X', { aliases: ['Institute', 'Y', 'Z'], addresses: ['2 Street, City'] })],
        PAGES,
      ),
    ).toEqual([]);
  });

  it('is the page, of one volume', () => {
    const cited = (volume: number, page: number) => ({ volume, page });
    expect(isSameCitation(cited(87, 9), cited(87, 9), PAGES)).toBe(true);
    expect(isSameCitation(cited(87, 101), cited(87, 109), PAGES)).toBe(true);
    expect(isSameCitation(cited(87, 101), cited(88, 101), PAGES)).toBe(false);
    expect(isSameCitation(cited(88, 101), cited(88, 102), PAGES)).toBe(false);
  });
});

describe('the fields of two readings', () => {
  const fields = (ours: Partial<PlacedEntry>, theirs: Partial<PlacedEntry>) =>
    reconcileEntries(withIds([listed('A', ours)]), [listed('A', theirs)], PAGES).flatMap((one) => one.fields);
  it.each<[string, Partial<PlacedEntry>, Partial<PlacedEntry>, string[]]>([
    [
      'a requirement',
      { licenseRequirement: 'All items' },
      { licenseRequirement: 'Some items' },
      ['licenseRequirement'],
    ],
    [
      'a policy',
      { licenseReviewPolicy: 'Denial' },
      { licenseReviewPolicy: 'Case by case' },
      ['licenseReviewPolicy'],
    ],
    ['a footnote', { footnotes: [1] }, { footnotes: [4] }, ['footnotes']],
    ['a footnote more', { footnotes: [1, 4] }, { footnotes: [1] }, ['footnotes']],
    ['footnotes in another order', { footnotes: [1, 4] }, { footnotes: [4, 1] }, []],
    ['an alias more', { aliases: ['B'] }, { aliases: ['B', 'C'] }, ['aliases']],
    ['another alias', { aliases: ['B'] }, { aliases: ['C'] }, ['aliases']],
    ['a note', { seeAlso: ['Cuba'] }, { seeAlso: [] }, ['seeAlso']],
    [
      'a heading in print',
      { destination: 'TURKEY', country: 'TR' },
      { destination: 'TÜRKIYE', country: 'TR' },
      [],
    ],
    [
      'an unknown heading',
      { destination: 'NOWHERE', country: null },
      { destination: 'ELSEWHERE', country: null },
      ['destination'],
    ],
    [
      'the code under one heading',
      { destination: 'TURKEY', country: 'TR' },
      { destination: 'Turkey', country: null },
      [],
    ],
  ])('differ in %s', (_what, ours, theirs, wanted) => {
    expect(fields(ours, theirs)).toEqual(wanted);
  });
});

describe('entries that may be one', () => {
  const compare = (ours: PlacedEntry[], theirs: PlacedEntry[]) =>
    told(reconcileEntries(withIds(ours), theirs, PAGES));
  const cites = (volume: number, page: number) => ({ citations: [{ volume, page, on: null }] });

  it.each<[string, Partial<PlacedEntry>, Partial<PlacedEntry>]>([
    ['their aliases', { aliases: ['B', 'C'] }, { aliases: ['D'] }],
    ['their citations', cites(87, 500), cites(87, 600)],
    ['the volume of their citations', cites(87, 500), cites(86, 500)],
    ['their addresses', { addresses: ['1 Road', '2 Road'] }, { addresses: ['3 Road'] }],
  ])('meet by %s', (_what, first, second) => {
    const twins = [listed('A', first), listed('A', second)];
    const changed = [listed('A', { ...second, footnotes: [4] }), listed('A', { ...first, footnotes: [4] })];
    expect(compare(twins, changed)).toEqual(['differs A / A footnotes', 'differs A / A footnotes']);
  });

  it('are in the order of destination and name, whatever the order of the lists', () => {
    const names = ['C', 'A', 'B'].map((name) =>
      listed(name, { country: name === 'A' ? 'TR' : 'CN', addresses: [name] }),
    );
    expect(
      compare(names, [
        listed('Z', { country: 'HK', addresses: ['z'] }),
        listed('Y', { country: 'AE', addresses: ['y'] }),
      ]),
    ).toEqual([
      'missing-there B / - ',
      'missing-there C / - ',
      'missing-here - / Z ',
      'missing-there A / - ',
      'missing-here - / Y ',
    ]);
  });

  it('are not one on two lists, nor as renamed with other addresses', () => {
    const meu = { list: 'military-end-user-list' as const };
    expect(compare([listed('A')], [listed('A', meu)])).toHaveLength(2);
    expect(compare([listed('A')], [listed('B', meu)])).toHaveLength(2);
    expect(compare([listed('A')], [listed('B', { addresses: ['9 Road'] })])).toHaveLength(2);
    expect(
      compare([listed('A', { addresses: ['1 A', '2 B'] })], [listed('B', { addresses: ['2 B', '1 A'] })]),
    ).toEqual(['differs A / B name']);
  });

  it('are moved although they are called like an address, in part', () => {
    const moves = (name: string) =>
      compare([listed(name, { addresses: ['1'] })], [listed(name, { country: 'TR', addresses: ['2'] })])
        .length;
    expect(moves('Address 12')).toBe(2);
    expect(moves('Address  3')).toBe(2);
    expect(moves('Address 12 Trading')).toBe(1);
    expect(moves('The Address 12')).toBe(1);
  });
});

describe('rows of the Consolidated Screening List', () => {
  const row = (name: string, more: Partial<Screened> = {}): Screened => ({
    ...{ list: 'entity-list', name, altNames: [], countries: ['CN'], citations: [] },
    ...more,
  });
  const compare = (ours: PlacedEntry[], rows: Screened[], countries: string[] = []) =>
    told(reconcileScreening(withIds(ours), rows, { countriesOf: () => countries, documentsCited: PAGES }));

  it.each([
    ['Acme', ['acme']],
    ['Acme, a.k.a. Other', ['acmeakaother', 'acme']],
    ['Entity: Acme', ['entityacme', 'acme']],
    ['***', []],
  ])('%s may stand as %j', (name, names) => {
    expect(foldedNamesOf(row(name))).toEqual(names);
  });

  it.each<[string | null, string[]]>([
    ['CN', ['CN']],
    ['UA-43', ['UA']],
    ['TR', ['TR']],
    [null, []],
  ])('show an entry under %s in %j', (country, countries) => {
    const [entry] = withIds([{ ...listed('Acme', { aliases: ['A'] }), country }]);
    const { list, citations } = entry!;
    expect(showScreened(entry!)).toEqual({ list, name: 'Acme', altNames: ['A'], countries, citations });
    expect(compare([entry!], [showScreened(entry!)])).toEqual([]);
  });

  it('mean somebody where a few letters are lost, and nobody where many are or the file is broken', () => {
    const lost = (count: number) =>
      [listed(`${'ab'.repeat(count)}a`), row(`${'a?'.repeat(count)}a`)] as const;
    const [eight, nine] = [lost(8), lost(9)];
    expect(compare([eight[0]], [eight[1]])).toEqual([]);
    expect(compare([nine[0]], [nine[1]])).toHaveLength(2);
    const broken = (count: number) => Array.from({ length: count }, (_, at) => row(`?Row ${at} x`));
    const ours = [listed('ARow 7 x')];
    expect(compare(ours, broken(500)).filter((one) => one.startsWith('missing-there'))).toEqual([]);
    expect(compare(ours, broken(501)).filter((one) => one.startsWith('missing-there'))).toHaveLength(1);
  });

  it('are told in the order of names, ours and theirs, with no field', () => {
    expect(compare([listed('C'), listed('A')], [row('D'), row('B')])).toEqual([
      'missing-there A / - ',
      'missing-here - / B ',
      'missing-there C / - ',
      'missing-here - / D ',
    ]);
  });

  it('with an alias in common are one only on one list and under one country', () => {
    const ours = listed('A', { aliases: ['X'] });
    expect(compare([ours], [row('B', { altNames: ['X'] })])).toEqual(['differs A / B name']);
    expect(compare([ours], [row('B', { altNames: ['X'], list: 'unverified-list' })])).toHaveLength(2);
    expect(compare([ours], [row('B', { altNames: ['X'], countries: ['TR'] })])).toHaveLength(2);
    const taken = [listed('B'), ours];
    expect(compare(taken, [row('B', { altNames: ['X'] })])).toEqual(['missing-there A / - ']);
  });

  it('are under the country of the addresses where that is not the heading', () => {
    expect(compare([listed('A')], [row('A', { countries: ['TR'] })], ['TR'])).toEqual([]);
    expect(compare([listed('A')], [row('A', { countries: ['TR'] })], ['TR', 'HK'])).toEqual([
      'differs A / A destination',
    ]);
    expect(compare([listed('A')], [row('A', { countries: ['TR'] })], ['IR'])).toEqual([
      'differs A / A destination',
    ]);
    expect(compare([{ ...listed('A'), country: null }], [row('A', { countries: ['TR'] })])).toEqual([
      'missing-here - / A ',
    ]);
  });

  it('lack one citation of several', () => {
    const citations = [87, 86].map((volume) => ({ volume, page: 104, on: null }));
    expect(
      compare([listed('A', { citations })], [row('A', { citations: [{ volume: 87, page: 115 }] })]),
    ).toEqual(['differs A / A citations']);
  });
});
