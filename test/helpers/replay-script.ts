import type { ListName, PlacedEntry } from '../../src/model.ts';
import { readFixture } from './fixtures.ts';
import type { SmallRule } from './small-rule.ts';
import { applyLiterally } from './write-rule/literal.ts';
import { type Draft, draft, PLACES, type RuleToWrite, type Style, writeRule } from './write-rule.ts';

/** A change to the expected list, by hand: it takes effect on a day, and says plainly what is so from then on. */
export interface Turn {
  on: string;
  step: (list: PlacedEntry[]) => PlacedEntry[];
}

/** One document of the script, what becomes of it, and what it does to the lists by its plain meaning. */
export interface Act {
  what: string;
  number: string;
  publishedOn: string;
  document: SmallRule;
  outcome: 'applied' | 'held' | 'ignored';
  turns: Turn[];
}

const EL: ListName = 'entity-list';
const UVL: ListName = 'unverified-list';
const MEU: ListName = 'military-end-user-list';
const REQUIREMENT = 'For all items subject to the EAR. (See § 744.11 of the EAR)';
const DENIAL = 'Presumption of denial';

function entry(
  list: ListName,
  country: string,
  name: string,
  fields: Partial<PlacedEntry> = {},
): PlacedEntry {
  const long = list === EL;
  return {
    list,
    country,
    destination: PLACES[country]!.heading,
    name,
    aliases: [],
    addresses: [`No. 1 ${name.replace(/[^A-Za-z ]/gu, '').trim()} Road, Seoul`],
    seeAlso: [],
    licenseRequirement: long ? REQUIREMENT : '',
    licenseReviewPolicy: long ? DENIAL : '',
    footnotes: [],
    citations: [{ volume: 84, page: 2000 + name.length, on: '2019-05-21' }],
    ...fields,
  };
}

const called = (list: ListName, country: string, names: string) =>
  names.split('|').map((name) => entry(list, country, name));

/** Sixty-three entries on the three lists. */
export const BASELINE: readonly PlacedEntry[] = [
  ...called(
    EL,
    'CN',
    'Azure Lathe Co., Ltd.|Bright Kiln Institute|Copper Reed Optics|DJX|Eastern Gauge Corporation, Limited (EGC) 12th Research Institute|Four Winds Foundry|Golden Sieve Co., Ltd.|Harbour Lens Works|Ivory Gear|Jade Abacus Software|Kite & Sons|Long Bridge Tools|Mulberry Radio',
  ),
  entry(EL, 'CN', 'Northern Prism', { aliases: ['NPX', 'Prism North', 'Bei Prism'] }),
  entry(EL, 'CN', 'Old Quarry Metals', {
    addresses: ['No. 1 Quarry Road, Harbin, China', 'No. 2 Quarry Road, Harbin, China'],
  }),
  ...called(
    EL,
    'RU',
    'AO SET-1|Belaya Reka, OOO|Chaika Instruments|Dvina Optika|Elbrus Metall, AO|Fakel Motors|Granit Bureau|Horizont, PAO',
  ),
  ...called(EL, 'IR', 'Alborz Pumps|Bisotun Trading|Caspian Valve|Damavand Electronics'),
  ...called(EL, 'HK', 'Harbour Chips Ltd.|Kowloon Parts|Lantau Freight|Peak Components'),
  ...called(EL, 'TR', 'Çınar Lojistik Ltd. Şti.|Bosphorus Parts|Izmir Bearings'),
  ...called(EL, 'PK', 'Saffron Tools|Steel Mills of the People'),
  entry(EL, 'PK', 'Steel Mills of the People', { addresses: ['Karachi'] }),
  ...called(EL, 'DE', 'Blau & Söhne GmbH'),
  ...called(EL, 'AE', 'Dhow Parts FZE|Al Noor Trading'),
  ...called(UVL, 'CN', 'Unseen Lab|Unseen Works|Unseen Trade Co., Ltd.|Unseen Institute'),
  ...called(UVL, 'RU', 'Nevidimka, OOO|Tuman Service|Zerkalo Lab'),
  ...called(UVL, 'AE', 'Mirage Trading|Oasis Parts'),
  ...called(MEU, 'CN', 'Regiment Motors|Battalion Optics|Brigade Radio'),
  ...called(MEU, 'RU', 'Polk Motors|Batalyon Optika|Brigada Radio, AO|Rota Metall|Vzvod Servis'),
  ...called(MEU, 'HK', 'Garrison Supplies'),
  ...called(EL, 'BY', 'Polesia Tooling, OOO|Minsk Gauges'),
];

/** Every rule is printed in another way. */
const STYLES: Partial<Style>[] = [
  {},
  { order: 'country-then-verb', headings: 'with-entry', labels: 'brackets' },
  { layout: '2024', order: 'verb-then-country', verbs: 'imperative', pageBreaks: true, wording: 1 },
  { order: 'sentence', quotes: 'straight', wrapper: 'bare', placeholder: 'whole', wording: 2 },
  { commaInside: true, starRows: true, cells: 'one-line', counts: 'words', headings: 'above-stars' },
  {
    layout: '2024',
    order: 'country-then-verb',
    verbs: 'imperative',
    placeholder: 'page-and-day',
    wording: 3,
  },
];

const acts: Act[] = [];
const dayOf = (at: number) => new Date(Date.UTC(2031, 1, 3 + 4 * at)).toISOString().slice(0, 10);
const later = (day: string, days: number) =>
  new Date(Date.parse(`${day}T00:00:00Z`) + 86_400_000 * days).toISOString().slice(0, 10);

interface Telling extends Partial<Omit<RuleToWrite, 'amendments'>> {
  outcome?: Act['outcome'];
  /** In place of what the amendments say. */
  turns?: Turn[];
}

/** Writes the next rule of the script. Its rows cite the page behind its preamble. */
function tell(what: string, amendments: Draft[], { outcome = 'applied', turns, ...own }: Telling = {}): Act {
  const at = acts.length;
  const publishedOn = own.publishedOn ?? dayOf(at);
  const startPage = 10_000 + 20 * at;
  const rule: RuleToWrite = {
    number: `2031-${String(10_001 + at)}`,
    publishedOn,
    startPage,
    amendments,
    ...own,
    style: { ...STYLES[at % STYLES.length], ...own.style },
  };
  const document = writeRule(rule);
  const own_ = amendments.map((one) =>
    one.action === 'add' || one.action === 'revise'
      ? {
          ...one,
          citations: [
            ...(one.citations ?? []),
            { volume: 96, page: document.pages[one.list]!, on: publishedOn },
          ],
        }
      : one,
  );
  const act: Act = {
    what,
    number: rule.number,
    publishedOn,
    document,
    outcome,
    turns: turns ?? (outcome === 'applied' ? turnsOf(own_, rule.effectiveOn ?? publishedOn) : []),
  };
  acts.push(act);
  return act;
}

/** What amendments do, each on its own days. */
function turnsOf(drafts: readonly Draft[], effectiveOn: string): Turn[] {
  const days = [...new Set(drafts.map((one) => one.effectiveOn ?? effectiveOn))];
  return days.map((on) => ({
    on,
    step: (list) =>
      applyLiterally(
        list,
        drafts.filter((one) => (one.effectiveOn ?? effectiveOn) === on),
        (placed) => placed,
      ),
  }));
}

const is = (list: ListName, country: string, name: string) => (one: PlacedEntry) =>
  one.list === list && one.country === country && one.name === name;
const without =
  (...gone: ((one: PlacedEntry) => boolean)[]) =>
  (list: PlacedEntry[]) =>
    list.filter((one) => !gone.some((test) => test(one)));
const withOnes =
  (...more: PlacedEntry[]) =>
  (list: PlacedEntry[]) => [...list, ...more];

const add = (country: string, name: string, fields: Partial<Draft> = {}) =>
  draft('add', country, name, { aliases: [], seeAlso: [], footnotes: [], ...fields });
const remove = (country: string, name: string, list: ListName = EL) =>
  draft('remove', country, name, { list });
const revise = (country: string, name: string, fields: Partial<Draft> = {}) =>
  draft('revise', country, name, fields);
const alter = (
  country: string | null,
  name: string,
  change: NonNullable<Draft['alter']>,
  list: ListName = EL,
) => draft(name === '' ? 'replace' : 'alter', country, name, { list, alter: change });

tell('three additions under two destinations', [
  add('CN', 'Silent Lantern Institute'),
  add('CN', 'Amber Stork Optics Co., Ltd.'),
  add('IR', 'Esfahan Gears'),
]);
tell('additions with aliases, addresses and footnotes', [
  add('RU', 'Kolokol Radio, AO', {
    aliases: ['Kolokol', 'Radio Kolokol, OOO', 'KR-9'],
    addresses: ['No. 3 Zvonov Street, Moscow, Russia', 'No. 4 Zvonov Street, Moscow, Russia'],
    footnotes: [3],
  }),
  add('CN', 'Brittle Ice Systems', { aliases: ['BIS Ice'], footnotes: [1, 4] }),
]);
tell('one removal', [remove('IR', 'Bisotun Trading')]);
tell('two revisions that repeat their citations', [
  revise('CN', 'Copper Reed Optics', {
    aliases: ['CRO'],
    citations: [{ volume: 84, page: 2018, on: '2019-05-21' }],
  }),
  revise('RU', 'Chaika Instruments', {
    addresses: ['No. 9 Chaika Street, Tula, Russia'],
    citations: [{ volume: 84, page: 2018, on: '2019-05-21' }],
  }),
]);
tell('a revision that shows only its own citation', [
  revise('TR', 'Bosphorus Parts', {
    licenseReviewPolicy: 'Case-by-case basis',
    addresses: ['No. 2 Liman Street, Izmir'],
  }),
]);
tell('a destination that is new to the list', [add('KG', 'Issyk Wares')], {
  headings: [{ list: EL, action: 'add', destination: 'KYRGYZSTAN', country: 'KG' }],
});
tell('an alias more', [alter('CN', 'Ivory Gear', { aliases: { add: ['Xiang Gear'], remove: [] } })]);
tell('two aliases less', [
  alter('CN', 'Northern Prism', { aliases: { add: [], remove: ['Prism North', 'Bei Prism'] } }),
]);
tell('an address less', [
  alter('CN', 'Old Quarry Metals', {
    addresses: { add: [], remove: ['No. 2 Quarry Road, Harbin, China'] },
  }),
]);
tell('an address more', [
  alter('AE', 'Dhow Parts FZE', { addresses: { add: ['No. 8 Creek Street, Dubai'], remove: [] } }),
]);
const first = tell('the first of two rules on one day', [
  add('EE', 'Meretuul OÜ'),
  add('AE', 'Falcon Gate Traders'),
]);
tell(
  'the second of two rules on one day, which revises what the first added',
  [
    revise('AE', 'Falcon Gate Traders', {
      aliases: ['FGT'],
      citations: [{ volume: 96, page: 10_202, on: first.publishedOn }],
    }),
  ],
  { publishedOn: first.publishedOn },
);
tell('a new name by its words', [alter('CN', 'Golden Sieve Co., Ltd.', { name: 'Golden Sieve Group' })]);
tell('a new name in a printed row', [
  {
    ...revise('RU', 'Dvina Optical Works, AO', {
      citations: [{ volume: 84, page: 2012, on: '2019-05-21' }],
    }),
    target: { name: 'Dvina Optika', destination: 'RUSSIA', country: 'RU' },
  },
]);
tell('a move from Hong Kong to China', [
  alter('HK', 'Kowloon Parts', { place: { destination: PLACES.CN!.heading, country: 'CN' } }),
]);
tell('all that is left under Hong Kong moves to China', [
  alter('HK', '', { place: { destination: PLACES.CN!.heading, country: 'CN' } }),
]);
tell('footnote 4 for three entries', [
  alter('CN', 'Azure Lathe Co., Ltd.', { footnotes: { add: [4], remove: [] } }),
  alter('CN', 'Bright Kiln Institute', { footnotes: { add: [4], remove: [] } }),
  alter('IR', 'Alborz Pumps', { footnotes: { add: [4], remove: [] } }),
]);
tell('footnote 3 taken from one of them', [
  alter('RU', 'Kolokol Radio, AO', { footnotes: { add: [], remove: [3] } }),
]);
tell('a license requirement of its own', [
  alter('IR', 'Caspian Valve', {
    licenseRequirement: 'For all items subject to the EAR, see § 734.9(e) of the EAR',
  }),
]);
tell('a review policy of its own', [
  alter('PK', 'Saffron Tools', { licenseReviewPolicy: 'Case-by-case basis' }),
]);
tell(
  'words that give way to others wherever they appear',
  [
    alter(null, '', {
      words: [
        { find: '(See § 744.11 of the EAR)', by: '(See §§ 744.11 and 744.23 of the EAR)', field: null },
      ],
    }),
  ],
  { abstract: 'This rule conforms the references of the Entity List to § 744.23.' },
);
tell(
  'words that give way to others under one destination',
  [alter('RU', '', { words: [{ find: 'Presumption of denial', by: 'Policy of denial', field: null }] })],
  { abstract: 'This rule changes the license review policy of the Entity List under Russia.' },
);
tell('a wrong word in an address', [
  alter('CN', 'Harbour Lens Works', {
    words: [{ find: 'Harbour Lens Works Road', by: 'Harbour Lens Way', field: 'addresses' }],
  }),
]);
tell('two that leave the Military End-User List for the Entity List', [
  remove('RU', 'Polk Motors', MEU),
  remove('RU', 'Batalyon Optika', MEU),
  add('RU', 'Polk Motors', { footnotes: [3] }),
  add('RU', 'Batalyon Optika', { footnotes: [3] }),
]);
tell('one that leaves the Unverified List for the Entity List, and two that leave it', [
  remove('RU', 'Nevidimka, OOO', UVL),
  remove('CN', 'Unseen Lab', UVL),
  remove('AE', 'Mirage Trading', UVL),
  add('RU', 'Nevidimka, OOO'),
]);
tell('additions to the Unverified List', [
  add('PK', 'Hidden Valley Traders', { list: UVL }),
  add('TR', 'Gizli Parts', { list: UVL, aliases: ['GP'] }),
]);
tell('an addition to and a revision of the Military End-User List', [
  add('KR', 'Sergeant Tooling', { list: MEU }),
  draft('revise', 'CN', 'Brigade Radio', { list: MEU, aliases: ['BR Radio'] }),
]);
tell('all three lists at once', [
  add('BY', 'Neman Gauges'),
  remove('BY', 'Minsk Gauges'),
  add('BY', 'Hidden Neman', { list: UVL }),
  remove('CN', 'Regiment Motors', MEU),
]);
tell('a name that stands twice', [remove('PK', 'Steel Mills of the People')], { outcome: 'held' });
tell('a name that is not on the list', [remove('DE', 'Nobody GmbH')], { outcome: 'held' });
const contradicting = tell('counts that its table does not meet', [add('DE', 'Grau Optik GmbH')], {
  outcome: 'held',
  abstract:
    'In this rule, BIS amends the EAR by adding two entities to the Entity List, under the destination of Germany (2).',
});
tell('what was held is overtaken by a rule that adds the same', [
  add('DE', 'Grau Optik GmbH', { addresses: ['No. 6 Optik Street, Jena, Germany'] }),
]);
tell('an instruction with a day of its own', [
  add('KR', 'Han Tooling Co., Ltd.'),
  add('KR', 'Late Bloom Co., Ltd.', { effectiveOn: '2032-03-01' }),
]);
tell(
  'an instruction that ends',
  [
    add('KR', 'Lasting Works'),
    add('KR', 'Passing Works', { effectiveOn: '2031-08-01', endsOn: '2032-01-31' }),
  ],
  { turns: [] },
);
{
  const act = acts.at(-1)!;
  const cited = { volume: 96, page: 10_000 + 20 * (acts.length - 1) + 2, on: act.publishedOn };
  const row = (name: string) =>
    entry(EL, 'KR', name, { addresses: ['No. 5 Test Road, Seoul'], citations: [cited] });
  act.turns = [
    { on: act.publishedOn, step: withOnes(row('Lasting Works')) },
    { on: '2031-08-01', step: withOnes(row('Passing Works')) },
    { on: '2032-02-01', step: without(is(EL, 'KR', 'Passing Works')) },
  ];
}
tell('a rule that takes effect a month after its print', [add('TR', 'Ankara Optik')], {
  effectiveOn: later(dayOf(34), 31),
});
const stayed = tell('a rule that will be stayed', [
  add('AE', 'Stayed Sands FZE'),
  remove('AE', 'Al Noor Trading'),
]);
{
  const { citation } = stayed.document.record as { citation: string };
  const on = dayOf(acts.length);
  const removed = BASELINE.find(is(EL, 'AE', 'Al Noor Trading'))!;
  // Between its print and the stay its words were replaced with those of all others.
  const back = {
    ...removed,
    licenseRequirement: 'For all items subject to the EAR. (See §§ 744.11 and 744.23 of the EAR)',
  };
  const cited = { volume: 96, page: 10_000 + 20 * (acts.length - 1) + 2, on: stayed.publishedOn };
  const added = entry(EL, 'AE', 'Stayed Sands FZE', {
    addresses: ['No. 5 Test Road, Seoul'],
    citations: [cited],
  });
  tell('a stay with a last day', [], {
    publishedOn: on,
    suspensions: [{ kind: 'stay', rule: { number: null, citation }, from: on, until: '2032-06-30' }],
    turns: [
      { on, step: without(is(EL, 'AE', 'Stayed Sands FZE')) },
      { on, step: withOnes(back) },
      { on: '2032-07-01', step: withOnes(added) },
      { on: '2032-07-01', step: without(is(EL, 'AE', 'Al Noor Trading')) },
    ],
  });
}
const delayed = tell('a rule that will be delayed', [add('TR', 'Geç Kalan Ltd. Şti.')], {
  effectiveOn: later(dayOf(37), 30),
  turns: [],
});
{
  const { citation } = delayed.document.record as { citation: string };
  const cited = { volume: 96, page: 10_000 + 20 * (acts.length - 1) + 2, on: delayed.publishedOn };
  const added = entry(EL, 'TR', 'Geç Kalan Ltd. Şti.', {
    addresses: ['No. 5 Test Road, Seoul'],
    citations: [cited],
  });
  delayed.turns = [{ on: later(delayed.publishedOn, 30), step: withOnes(added) }];
  tell('a delay of its first day', [], {
    suspensions: [
      { kind: 'delay', rule: { number: null, citation }, from: null, until: later(delayed.publishedOn, 90) },
    ],
    turns: [
      { on: later(delayed.publishedOn, 30), step: without(is(EL, 'TR', 'Geç Kalan Ltd. Şti.')) },
      { on: later(delayed.publishedOn, 90), step: withOnes(added) },
    ],
  });
}
tell(
  'a correction of an earlier rule',
  [
    revise('CN', 'Silent Lantern Institute', {
      addresses: ['No. 55 Lantern Road, Dalian, China'],
      citations: [{ volume: 96, page: 10_002, on: dayOf(0) }],
    }),
  ],
  { title: 'Additions to the Entity List; Correction' },
);
tell('the last entry of a destination and its heading', [remove('EE', 'Meretuul OÜ')], {
  headings: [{ list: EL, action: 'remove', destination: 'ESTONIA', country: 'EE' }],
});
tell('addresses that are entries', [
  add('CN', 'Address 01', { addresses: ['No. 18 Luard Road, Wan Chai, Hong Kong'] }),
  add('TR', 'Address 01', { addresses: ['No. 52 Hasat Street, Istanbul'] }),
]);
tell('one entity under three entries', [
  add('DE', 'Tidewrack Shipping'),
  add('AE', 'Tidewrack Shipping'),
  add('TR', 'Tidewrack Shipping'),
]);
tell(
  'fifteen additions',
  Array.from({ length: 15 }, (_, at) => add('RU', `Zavod No. ${at + 1}`, { footnotes: [3] })),
  { style: { layout: '2024', pageBreaks: true } },
);
tell('three removals under three destinations', [
  remove('CN', 'Four Winds Foundry'),
  remove('RU', 'Fakel Motors'),
  remove('TR', 'Izmir Bearings'),
]);
tell('additions, revisions and removals', [
  add('IR', 'Zagros Metals'),
  revise('IR', 'Damavand Electronics', {
    aliases: ['DE Co.'],
    citations: [{ volume: 84, page: 2020, on: '2019-05-21' }],
  }),
  remove('IR', 'Esfahan Gears'),
]);
tell('an alias less, an address more and a footnote more for one entry', [
  alter('CN', 'Brittle Ice Systems', { aliases: { add: [], remove: ['BIS Ice'] } }),
  alter('CN', 'Mulberry Radio', { addresses: { add: ['No. 77 Radio Street, Xi’an'], remove: [] } }),
]);
tell('a name that is taken up again after its removal', [add('IR', 'Bisotun Trading')]);
tell('a footnote with another number', [alter(null, '', { renumber: [{ from: 1, to: 6 }] })], {
  abstract: 'This rule renumbers the footnotes of the Entity List.',
});
contradicting.what += ', and stays held';

/** Rules that are printed by hand: their entries stand in `expected.json`, which was read by people. */
const PRINTED: Act[] = ['2031-00001', '2031-00003', '2031-00008', '2031-00009', '2031-00012'].map(
  (number) => {
    const read = (name: string) => readFixture(`rules/${number}/${name}`);
    const record = JSON.parse(read('source.json').toString()) as Record<string, unknown>;
    const expected = JSON.parse(read('expected.json').toString()) as {
      amendments: (PlacedEntry & { action: string; locator: unknown })[];
    };
    return {
      what: `the fixture ${number}`,
      number,
      publishedOn: record.publication_date as string,
      document: { record, xml: read('source.xml') },
      outcome: 'applied',
      turns: [
        {
          on: record.effective_on as string,
          step: withOnes(
            ...expected.amendments.map(({ action: _action, locator: _locator, ...placed }) => placed),
          ),
        },
      ],
    };
  },
);

/** The documents in the order in which they come. */
export const SCRIPT: readonly Act[] = [...PRINTED, ...acts];

/** The lists as the plain meaning of some documents leaves them, all days taken together or up to one. */
export function expectedAfter(acts_: readonly Act[], on: string | null = null): PlacedEntry[] {
  const turns = acts_
    .flatMap((act) => act.turns)
    .map((turn, at) => ({ ...turn, at }))
    .filter((turn) => on === null || turn.on <= on)
    .sort((a, b) => (a.on < b.on ? -1 : a.on > b.on ? 1 : a.at - b.at));
  return turns.reduce((list, turn) => turn.step(list), [...BASELINE]);
}
