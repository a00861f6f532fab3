import { describe, expect, it } from 'vitest';
import { applyAmendments } from '../src/list/apply.ts';
import { compareEffect, foldChanges, takeStep } from '../src/list/history.ts';
import { indexEntries } from '../src/list/resolve.ts';
import { suspendChanges } from '../src/list/suspend.ts';
import { verifyRule } from '../src/list/verify.ts';
import type { Change, Entry, PlacedEntry, Rule, StoredChange } from '../src/model.ts';
import { createInstructionReader } from '../src/parse/instruction.ts';
import { RULE_NUMBERS, readFixtureRule } from './helpers/fixtures.ts';

const CHINA = { destination: "CHINA, PEOPLE'S REPUBLIC OF", country: 'CN' };
const HONG_KONG = { destination: 'HONG KONG', country: 'HK' };
const RUSSIA = { destination: 'RUSSIA', country: 'RU' };
const AS_LISTED = {
  licenseRequirement: 'For all items subject to the EAR. (See § 744.11 of the EAR)',
  licenseReviewPolicy: 'Presumption of denial',
  citations: [{ volume: 95, page: 4001, on: '2030-03-04' }],
};

/** An entry as a list has it before the rule; its id is its name. */
function entry(
  name: string,
  place: { destination: string; country: string },
  fields: Partial<PlacedEntry> = {},
): Entry {
  return {
    list: 'entity-list',
    ...place,
    name,
    aliases: [],
    addresses: ['1 Old Road'],
    seeAlso: [],
    footnotes: [],
    ...AS_LISTED,
    ...fields,
    entryId: `id of ${name}`,
  };
}

const at = (destination: string, country: string) => ({ destination, country });

/** The fixture's changes to a list, and the list that they leave; fails where the rule would be held. */
function carryOut(number: string, before: readonly Entry[]) {
  const rule = readFixtureRule(number);
  const { verdict, checks } = verifyRule(rule, indexEntries(before));
  expect(checks.filter((check) => check.status === 'fail')).toEqual([]);
  expect(verdict).not.toBe('held');
  const changes = changesOf(rule, before);
  const list = new Map(before.map((one) => [one.entryId, one]));
  for (const change of changes) if ((change.because ?? null) === null) takeStep(list, change);
  return { rule, changes, after: list, of: (name: string) => list.get(`id of ${name}`) };
}

function changesOf(rule: Rule, before: readonly Entry[]): Change[] {
  return applyAmendments(before, rule.amendments, {
    effectiveOn: rule.document.effectiveOn ?? '2033-02-08',
    newId: ({ name }) => `new id of ${name}`,
  });
}

/** Why the fixture is held on this list: the name of each failing check with the code of its message. */
function heldFor(number: string, before: readonly Entry[]): string[] {
  const { verdict, checks } = verifyRule(readFixtureRule(number), indexEntries(before));
  expect(verdict).toBe('held');
  return checks
    .filter((check) => check.status === 'fail')
    .map((check) => `${check.name} ${check.message.split(':')[0]}`);
}

describe('a name changes', () => {
  const before = [
    entry('Kestrel Aviation Parts', at('IRAN', 'IR'), { aliases: ['KAP'] }),
    entry('Blue Saffron Trading', at('IRAN', 'IR')),
    entry('Mavi Liman Lojistik', at('TURKEY', 'TR')),
  ];

  it('by words: the entry keeps its id and everything else', () => {
    const { of, changes } = carryOut('2033-00001', before);
    expect(of('Kestrel Aviation Parts')).toEqual({ ...before[0], name: 'Kestrel Aerospace Parts LLC' });
    expect(changes.map((change) => change.fields)).toEqual([['name'], ['name'], ['name']]);
  });

  it('not, where another entry of that destination has the name already', () => {
    const rival = { ...entry('Kestrel Aerospace Parts LLC', at('IRAN', 'IR')) };
    expect(heldFor('2033-00001', [...before, rival])).toEqual(['targets-exist name-taken']);
  });

  it('in a printed row: the entry keeps its id, and gets what the row says', () => {
    const { of } = carryOut('2033-00002', [
      entry('Sevan Signal LLC', at('ARMENIA', 'AM')),
      entry('Borjomi Radio', at('GEORGIA', 'GE')),
    ]);
    expect(of('Sevan Signal LLC')).toMatchObject({
      name: 'Sevan Signal Systems CJSC',
      aliases: ['Sevan Signal LLC'],
    });
    expect(of('Borjomi Radio')).toMatchObject({ name: 'Tbilisi Wave Works' });
  });
});

describe('an entry moves', () => {
  it('by a removal and an addition with its row, and keeps its id', () => {
    const { after, changes } = carryOut('2033-00003', [
      entry('Paper Lantern Components Ltd.', HONG_KONG),
      entry('Harbour Kite (HK) Limited', HONG_KONG),
    ]);
    expect(changes.map((change) => change.kind)).toEqual(['removed', 'removed', 'added', 'added']);
    expect([...after.keys()].sort()).toEqual([
      'id of Harbour Kite (HK) Limited',
      'id of Paper Lantern Components Ltd.',
    ]);
    for (const moved of after.values()) expect(moved).toMatchObject(CHINA);
  });

  it('by words, and keeps everything but its destination', () => {
    const names = ['Silver Ferry Logistics', 'Jade Ladder Trading Co., Ltd.', 'Nine Bridges Electronics'];
    const before = names.map((name) => entry(name, HONG_KONG));
    const { after, changes } = carryOut('2033-00004', before);
    expect([...after.values()]).toEqual(before.map((one) => ({ ...one, ...CHINA })));
    for (const change of changes)
      expect(change).toMatchObject({ kind: 'revised', fields: ['destination'], movedFrom: HONG_KONG });
  });

  it('with its whole heading, and others stay', () => {
    const before = [
      entry('Vardar Optika', at('MACEDONIA', 'MK')),
      entry('Ege Makina', at('TURKEY', 'TR')),
      entry('Tundra Cable', RUSSIA),
    ];
    const { of } = carryOut('2033-00006', before);
    expect(of('Vardar Optika')).toEqual({ ...before[0], destination: 'NORTH MACEDONIA' });
    expect(of('Ege Makina')).toEqual({ ...before[1], destination: 'TÜRKIYE' });
    expect(of('Tundra Cable')).toEqual(before[2]);
  });

  it('with all that stand under its heading, and others of other headings go', () => {
    const { rule, of, after } = carryOut('2033-00037', [
      entry('Harbour Anything', HONG_KONG),
      entry('Peak Anything', HONG_KONG),
      ...['Lotus Ferry Limited', 'Praia Grande Spares'].map((name) => entry(name, at('MACAU', 'MO'))),
      ...['Sabalan Tools', 'Zarrin Parts'].map((name) => entry(name, at('IRAN', 'IR'))),
      // The instruction quotes the alias too; a namesake without it would not be the one that is meant.
      entry('Tochal Radio', at('IRAN', 'IR'), { aliases: ['TR Co.'] }),
    ]);
    expect(rule.headings.map(({ action, destination }) => `${action} ${destination}`)).toEqual([
      'remove HONG KONG',
      'remove MACAU',
    ]);
    expect(of('Harbour Anything')).toMatchObject(CHINA);
    expect(after.size).toBe(2);
  });

  it('from the Military End-User List to the Entity List, and keeps its id', () => {
    const names = [
      'Admiralty Shipyard JSC',
      'Aleksandrov Scientific Research Technological Institute NITI',
      'Argut OOO',
    ];
    const { after, of } = carryOut(
      '2033-00007',
      names.map((name) =>
        entry(name, RUSSIA, {
          list: 'military-end-user-list',
          licenseRequirement: '',
          licenseReviewPolicy: '',
        }),
      ),
    );
    expect(after.size).toBe(4);
    for (const name of names) expect(of(name)).toMatchObject({ list: 'entity-list', footnotes: [3] });
  });

  it('from the Unverified List, where others only leave it', () => {
    const unverified = { list: 'unverified-list' as const, licenseRequirement: '', licenseReviewPolicy: '' };
    const { after, of } = carryOut('2033-00008', [
      entry('Kolibri Avtomatika LLC', RUSSIA, unverified),
      entry('Nevsky Cable Plant', RUSSIA, unverified),
      entry('East Orchard Optics', CHINA, unverified),
      entry('Long Terrace Precision', CHINA, unverified),
      entry('Indus Lathe Works', at('PAKISTAN', 'PK'), unverified),
    ]);
    expect(after.size).toBe(2);
    expect(of('Nevsky Cable Plant')?.list).toBe('entity-list');
  });
});

describe('a part of an entry changes', () => {
  it('a footnote is put on named entries, and nothing else of them changes', () => {
    const names = ['Dahua Technology', 'Higon', 'IFLYTEK', 'Sugon', 'Megvii Technology', 'DJI'];
    const before = names.map((name) => entry(name, CHINA, { footnotes: name === 'Sugon' ? [1] : [] }));
    const { of, changes } = carryOut('2033-00009', before);
    expect(changes).toHaveLength(5);
    expect(of('Higon')).toEqual({ ...before[1], footnotes: [4] });
    expect(of('Sugon')?.footnotes).toEqual([1, 4]);
    expect(of('DJI')).toEqual(before[5]);
  });

  it('footnotes 4 and 5 become 5 and 6 at once, so that none of them is lost', () => {
    const { of } = carryOut('2033-00005', [
      entry('Fourth', CHINA, { footnotes: [4] }),
      entry('Both', CHINA, { footnotes: [4, 5] }),
      entry('First', CHINA, { footnotes: [1] }),
    ]);
    expect([of('Fourth'), of('Both'), of('First')].map((one) => one?.footnotes)).toEqual([[5], [5, 6], [1]]);
  });

  it('six aliases go, the entry stays', () => {
    const before = entry('Grey Heron Photonics Co., Ltd.', CHINA, {
      aliases: [
        'GHG',
        'Grey Heron (Suzhou)',
        'Grey Heron Group',
        'Grey Heron Optics',
        'Heron Photonics',
        'Huiying Guangxue',
        'Suzhou Heron',
      ],
    });
    const other = entry('Pale Orchid Instruments Co., Ltd.', CHINA);
    const { of, changes } = carryOut('2033-00011', [before, other]);
    expect(of('Grey Heron Photonics Co., Ltd.')).toEqual({ ...before, aliases: ['Grey Heron Optics'] });
    expect(changes.map((change) => change.kind)).toEqual(['removed', 'revised']);
    const without = { ...before, aliases: before.aliases.slice(1) };
    expect(heldFor('2033-00011', [without, other])).toEqual(['targets-exist part-absent']);
  });

  it('two addresses go, the others stay in their order', () => {
    const kept = [
      '20/F, Tower 2, Evergreen Plaza, 88 Container Port Road, Kwai Chung, Hong Kong',
      'Lot 204, DD105, Castle Peak Road, Yuen Long, Hong Kong',
    ];
    const name = 'Arrow Electronics (Hong Kong) Co., Ltd.';
    const { of } = carryOut('2033-00012', [
      entry(name, CHINA, {
        addresses: [
          '2/F and 3/F, Green 18, Phase 2, Hong Kong Science Park, Hong Kong',
          ...kept,
          'Unit 1003, Kerry Cargo Center, 55 Wing Kei Road, Kwai Chung, Hong Kong',
        ],
      }),
    ]);
    expect(of(name)?.addresses).toEqual(kept);
  });

  it('a footnote for another, a requirement, an alias and an address, one entry each', () => {
    const { changes } = carryOut('2033-00029', [
      entry('Copper Crane Supercomputing Center', CHINA, { footnotes: [1] }),
      entry('Iron Crane Foundry', CHINA),
      entry('Taroko Devices Co., Ltd.', at('TAIWAN', 'TW')),
      entry('Alishan Wafer Works', at('TAIWAN', 'TW')),
    ]);
    expect(changes.map((change) => [change.name, change.fields])).toEqual([
      ['Copper Crane Supercomputing Center', ['footnotes']],
      ['Iron Crane Foundry', ['licenseRequirement']],
      ['Taroko Devices Co., Ltd.', ['aliases']],
      ['Alishan Wafer Works', ['addresses']],
    ]);
  });

  it('two aliases change places, an address gives way to another, a section to another', () => {
    const { of } = carryOut('2033-00036', [
      entry('Sosna Teplo LLC', RUSSIA, { aliases: ['Sosna', 'Sosna T'] }),
      entry('Klyon Mash JSC', RUSSIA, {
        addresses: ['1 Invented Street, Moscow, Russia', '1 Invented Street, Omsk, Russia'],
      }),
      entry('Tall Reed Lithography Co., Ltd.', CHINA),
      entry('Quiet Kiln Wafers', CHINA, { licenseRequirement: 'See § 744.21(f) of the EAR' }),
    ]);
    expect(of('Sosna Teplo LLC')?.aliases).toEqual(['Sosna T', 'ST Group']);
    expect(of('Klyon Mash JSC')?.addresses).toEqual([
      '2 Invented Street, Moscow, Russia',
      '1 Invented Street, Omsk, Russia',
    ]);
    expect(of('Quiet Kiln Wafers')).toMatchObject({
      footnotes: [5],
      licenseRequirement: 'See § 744.21(g) of the EAR',
    });
  });

  it('wrong words of one entry are corrected, also where only the name says which', () => {
    const { of } = carryOut('2033-00020', [
      entry('Delta Kite Aeronautics', CHINA, { addresses: ['9 Invented Road, Beijng, China'] }),
      entry('Prime Terrace Works', at('PAKISTAN', 'PK'), {
        licenseRequirement: 'For all items subject to the EAR. (See § 744.2l of the EAR)',
      }),
      entry('Beijng Bystander', CHINA),
    ]);
    expect(of('Delta Kite Aeronautics')?.addresses).toEqual(['9 Invented Road, Beijing, China']);
    expect(of('Prime Terrace Works')?.licenseRequirement).toMatch(/§ 744\.21 of/u);
    expect(of('Beijng Bystander')?.name).toBe('Beijng Bystander');
  });

  it('and of two entries of that name under two destinations neither is, until the correction says which', () => {
    const twice = [CHINA, RUSSIA].map((place) => ({
      ...entry('Delta Kite Aeronautics', place, { addresses: ['9 Invented Road, Beijng'] }),
      entryId: place.country,
    }));
    const other = entry('Prime Terrace Works', at('PAKISTAN', 'PK'), { licenseRequirement: '§ 744.2l' });
    expect(heldFor('2033-00020', [...twice, other])).toEqual(['targets-exist target-ambiguous']);
  });
});

describe('words give way to others wherever they appear', () => {
  const inProjects = (section: string) =>
    `For all items subject to the EAR when used in projects specified in ${section} of the EAR`;
  const before = [
    entry('Rosneft Trade Limited', at('CYPRUS', 'CY'), { licenseRequirement: inProjects('§ 746.5') }),
    entry('CJSC VANKORNEFT', RUSSIA, {
      licenseRequirement: inProjects('§746.5'),
      licenseReviewPolicy: 'See §746.5(b) of the EAR.',
    }),
    entry('Achim Development, OOO', RUSSIA),
    entry('Sakhalin Fiftieth', RUSSIA, {
      licenseRequirement: inProjects('§ 746.50'),
      licenseReviewPolicy: 'See § 746.5(b) of the EAR',
    }),
  ];

  it('in every row that holds them, without a new citation, and nowhere else', () => {
    const { of, changes } = carryOut('2033-00010', before);
    expect(of('Rosneft Trade Limited')).toEqual({
      ...before[0],
      licenseRequirement: inProjects('§ 746.8(a)(4)'),
    });
    expect(of('CJSC VANKORNEFT')).toEqual({
      ...before[1],
      licenseRequirement: inProjects('§ 746.8(a)(4)'),
      licenseReviewPolicy: 'See § 746.8(b) of the EAR.',
    });
    expect(of('Achim Development, OOO')).toEqual(before[2]);
    // Another section that only begins alike, and another paragraph, are not what is named.
    expect(of('Sakhalin Fiftieth')).toEqual({
      ...before[3],
      licenseReviewPolicy: 'See § 746.8(b) of the EAR',
    });
    expect(new Set(changes.flatMap((change) => change.fields))).toEqual(
      new Set(['licenseRequirement', 'licenseReviewPolicy']),
    );
  });

  it('and hold the rule where no row has them', () => {
    expect(heldFor('2033-00010', [before[2]!])).toEqual(
      expect.arrayContaining([expect.stringMatching(/^targets-exist replaced-nothing/u)]),
    );
  });
});

describe('headings, old styles and entries that are printed anew', () => {
  it('come with their first entries', () => {
    const { rule, after } = carryOut('2033-00013', []);
    expect(rule.headings.map(({ action, destination }) => `${action} ${destination}`)).toEqual([
      'add ESTONIA',
      'add KYRGYZSTAN',
    ]);
    expect([...after.values()].map(({ destination }) => destination).sort()).toEqual([
      'ESTONIA',
      'KYRGYZSTAN',
    ]);
  });

  it('go with their last entries', () => {
    const { rule, after } = carryOut('2033-00014', [
      entry('Amber Coast Brokers SIA', at('LATVIA', 'LV')),
      entry('Coral Shelf Limited', at('BELIZE', 'BZ')),
    ]);
    expect(rule.headings.map(({ action, destination }) => `${action} ${destination}`)).toEqual([
      'remove LATVIA',
      'remove BELIZE',
    ]);
    expect(after.size).toBe(0);
  });

  it('replace an entry in its entirety, whatever it held before', () => {
    const { of } = carryOut('2033-00022', [
      entry('Dune Falcon FZE', at('UNITED ARAB EMIRATES', 'AE'), { aliases: ['DF'] }),
      entry('Pearl Quay Trading LLC', at('UNITED ARAB EMIRATES', 'AE')),
    ]);
    expect(of('Dune Falcon FZE')).toMatchObject({
      aliases: [],
      addresses: ['Office 77, Invented Free Zone, Sharjah, U.A.E.'],
    });
    expect(of('Pearl Quay Trading LLC')?.aliases).toEqual(['PQT']);
  });

  it('revise two counted entries of a place that has no adjective', () => {
    const { after, of } = carryOut('2033-00026', [
      entry('Elbtor Technik GmbH', at('GERMANY', 'DE'), {
        aliases: ['Elbtor'],
        addresses: ['Invented Allee 9, Hamburg, Germany'],
      }),
      entry('Peak Tram Parts Ltd.', HONG_KONG),
      entry('Star Pier Components', HONG_KONG),
    ]);
    expect(of('Star Pier Components')?.addresses).toEqual(['2 Invented Road, Kowloon, Hong Kong']);
    expect(after.size).toBe(5);
  });

  it('know names without quotation marks, or between single ones', () => {
    const greek = ['Meltemi Shipping S.A.', 'Aigli Naftiki, O.E.', 'Kyma Trading'];
    const { after } = carryOut(
      '2033-00023',
      greek.map((name) => entry(name, at('GREECE', 'GR'))),
    );
    expect([...after.values()].map(({ name }) => name)).toEqual([
      'Harp Weir Components Ltd.',
      'Quay Lane, Ross & Co.',
    ]);
    const left = carryOut(
      '2033-00024',
      ['Dnipro Valve Works', 'Kharkiv Workers’ Foundry', 'Kamyanets Nav'].map((name) =>
        entry(name, at('UKRAINE', 'UA')),
      ),
    );
    expect(left.after.size).toBe(0);
  });
});

describe('days of effect', () => {
  it('are those of the instruction where DATES says so', () => {
    const { changes } = carryOut('2033-00015', [entry('Rimba Circuits Sdn. Bhd.', at('MALAYSIA', 'MY'))]);
    // A change without a day of its own has that of its document.
    expect(changes.map(({ kind, effectiveOn }) => [kind, effectiveOn])).toEqual([
      ['removed', '2033-03-01'],
      ['added', undefined],
    ]);
  });

  it('begin an instruction, and the last one takes the entry off again on the day behind it', () => {
    const { changes } = carryOut('2033-00016', []);
    expect(changes.map(({ kind, name, effectiveOn, because }) => [kind, name, effectiveOn, because])).toEqual(
      [
        ['added', 'Frankincense Marine LLC', '2033-03-13', undefined],
        ['added', 'Kolkheti Transit LLC', '2033-11-17', undefined],
        ['removed', 'Kolkheti Transit LLC', '2036-01-02', 'expiry'],
      ],
    );
  });
});

describe('an earlier rule is put off, and nothing of it is deleted', () => {
  const stored = (change: Change, seq: number, effectiveOn: string): StoredChange => ({
    ...change,
    seq,
    effectiveOn: change.effectiveOn ?? effectiveOn,
    changeSetId: 'earlier',
    knownAt: `${effectiveOn}T12:00:00.000Z`,
  });
  /** What the earlier rule changed, as the ledger has it: one addition in each of two instructions. */
  const earlier = (effectiveOn: string) =>
    ['3', '4.a', '4.b'].map((instruction, index) =>
      stored(
        {
          kind: 'added',
          entryId: `of ${instruction}`,
          list: 'entity-list',
          ...CHINA,
          name: `Added by ${instruction}`,
          before: null,
          after: { ...entry(`Added by ${instruction}`, CHINA) },
          fields: [],
          locator: { instruction, row: null, page: null },
        },
        index + 1,
        effectiveOn,
      ),
    );
  const listOn = (on: string, changes: readonly StoredChange[]) =>
    [...foldChanges(changes.filter((change) => change.effectiveOn <= on).sort(compareEffect)).keys()].sort();
  const putOff = (number: string, effectiveOn: string) => {
    const { suspensions, document } = readFixtureRule(number);
    expect(suspensions).toHaveLength(1);
    const before = earlier(effectiveOn);
    const more = suspendChanges(before, before, suspensions[0]!, document.effectiveOn!);
    return [...before, ...more.map((change, index) => stored(change, 10 + index, change.effectiveOn!))];
  };
  const ALL = ['of 3', 'of 4.a', 'of 4.b'];

  it('a stay takes it back until its last day, and it returns by itself on the next', () => {
    const changes = putOff('2033-00017', '2025-09-29');
    expect(listOn('2025-11-09', changes)).toEqual(ALL);
    expect(listOn('2025-11-10', changes)).toEqual([]);
    expect(listOn('2026-11-09', changes)).toEqual([]);
    expect(listOn('2026-11-10', changes)).toEqual(ALL);
  });

  it('a delay moves the first day of its effect', () => {
    const changes = putOff('2033-00018', '2033-02-17');
    expect(listOn('2033-02-17', changes)).toEqual([]);
    expect(listOn('2033-04-19', changes)).toEqual([]);
    expect(listOn('2033-04-20', changes)).toEqual(ALL);
  });

  it('a stay of two instructions leaves the others in force, and without a last day it has none', () => {
    const changes = putOff('2033-00019', '2033-01-18');
    expect(listOn('2033-02-07', changes)).toEqual(ALL);
    expect(listOn('2099-12-31', changes)).toEqual(['of 4.a']);
  });

  it('a stay that is extended or lifted has its new last day, and the rule is in force from the next', () => {
    const [stayed] = readFixtureRule('2033-00038').suspensions;
    const [lifted] = readFixtureRule('2033-00039').suspensions;
    expect(stayed).toMatchObject({ kind: 'stay', rule: { citation: '98 FR 310' }, until: '2033-08-08' });
    expect(lifted).toMatchObject({ kind: 'stay', lifted: true, from: '2033-02-08', until: '2033-02-07' });
    const changes = putOff('2033-00038', '2033-01-18');
    expect(listOn('2033-08-08', changes)).toEqual([]);
    expect(listOn('2033-08-09', changes)).toEqual(ALL);
  });
});

describe('a correction says what it corrects', () => {
  it.each([
    ['2033-00020', 'by its record and number', [{ number: '2025-05426', citation: null }]],
    ['2033-00021', 'by its words only', [{ number: '2023-12726', citation: '88 FR 38739' }]],
    ['2033-00022', 'by its opening', [{ number: '2033-00918', citation: null }]],
  ])('%s %s', (number, _how, corrects) => {
    expect(readFixtureRule(number).corrects).toEqual(corrects);
  });
});

describe('decoys', () => {
  const DECOYS = ['2033-00030', '2033-00031', '2033-00032', '2033-00033', '2033-00034'];

  it.each(DECOYS)('%s changes no list, puts nothing off and is not held', (number) => {
    const rule = readFixtureRule(number);
    expect(rule).toMatchObject({ lists: [], amendments: [], headings: [], suspensions: [], corrects: [] });
    expect(rule.issues.filter((issue) => issue.holds)).toEqual([]);
    expect(verifyRule(rule, indexEntries([])).verdict).not.toBe('held');
  });

  it('a correction of the yearly Code that does touch a list is held', () => {
    const { lists } = readFixtureRule('2033-00035');
    expect(lists).toEqual(['entity-list']);
    expect(heldFor('2033-00035', [entry('Misprinted Anchor Co.', at('IRAN', 'IR'))])).toEqual([
      expect.stringMatching(/^nothing-unread/u),
    ]);
  });
});

describe('wordings next to the forms, of which part is not said', () => {
  const held = (paragraphs: readonly string[]) => {
    const reader = createInstructionReader();
    for (const paragraph of paragraphs) reader.read(paragraph, '744');
    reader.finish();
    return reader.issues.filter((issue) => issue.holds).map((issue) => issue.code);
  };

  it.each([
    [
      'a heading with entries that are not named',
      ['by removing the heading HONG KONG and the entries under it.'],
    ],
    ['two verbs over one list of names', ['by removing under IRAN and adding under IRAQ:', 'i. “A Co.”.']],
    ['entries that move but for some', ['by moving all entries under HONG KONG, except “A Ltd.”, to CHINA.']],
    ['some references of many', ['by revising some references to “§ 746.5” to read “§ 746.8”.']],
    ['a footnote for all entries', ['under CHINA by adding a footnote 4 designation for all entries.']],
    ['words that go and are not replaced', ['under RUSSIA by removing “§ 746.5” everywhere it appears.']],
    ['a name that stops being an alias', ['under CHINA by removing “B Co.” as an alias for “A Co.”.']],
  ])('%s is held', (_what, [first, ...others]) => {
    expect(held([`2. Supplement No. 4 to part 744 is amended ${first}`, ...others])).not.toEqual([]);
  });
});

describe('the fixtures of forms', () => {
  it('are carried out twice without a second change', () => {
    for (const number of RULE_NUMBERS.filter((name) => name.startsWith('2033-000'))) {
      const rule = readFixtureRule(number);
      if (!rule.amendments.every(({ action }) => action === 'add')) continue;
      const first = changesOf(rule, []);
      const list = new Map<string, Entry>();
      for (const change of first) if ((change.because ?? null) === null) takeStep(list, change);
      expect(changesOf(rule, [...list.values()]), number).toEqual([]);
    }
  });
});
