import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { alterEntry } from '../../src/list/alter.ts';
import { applyAmendments } from '../../src/list/apply.ts';
import { takeStep } from '../../src/list/history.ts';
import { findTargets, indexEntries } from '../../src/list/resolve.ts';
import { verifyRule } from '../../src/list/verify.ts';
import type {
  Amendment,
  AmendmentAction,
  CountedAction,
  Entry,
  PlacedEntry,
  Rule,
  StatedCount,
} from '../../src/model.ts';
import { readFixtureRule } from '../helpers/fixtures.ts';

function placed(name: string, fields: Partial<PlacedEntry> = {}): PlacedEntry {
  return {
    list: 'entity-list',
    destination: 'IRAN',
    country: 'IR',
    name,
    aliases: [],
    addresses: ['Road 1, Qom, Iran'],
    seeAlso: [],
    licenseRequirement: 'For all items subject to the EAR.',
    licenseReviewPolicy: 'Presumption of denial',
    footnotes: [],
    citations: [{ volume: 90, page: 1, on: '2025-01-02' }],
    ...fields,
  };
}
const entry = (name: string, fields: Partial<PlacedEntry> = {}): Entry => ({
  ...placed(name, fields),
  entryId: `id ${name} ${fields.destination ?? ''} ${fields.addresses?.[0] ?? ''}`,
});
const order = (action: AmendmentAction, name: string, fields: Partial<PlacedEntry> = {}): Amendment => ({
  ...placed(name, fields),
  action,
  locator: { instruction: '2', row: 1, page: 1 },
});
function rule(amendments: Amendment[], stated: Partial<Record<CountedAction, StatedCount>> = {}): Rule {
  return {
    ...readFixtureRule('2031-00011'),
    lists: ['entity-list'],
    amendments,
    issues: [],
    stated: { 'entity-list': { add: null, revise: null, remove: null, ...stated } },
  };
}
const check = (of: Rule, entries: Entry[], name: string) =>
  verifyRule(of, indexEntries(entries)).checks.find((found) => found.name === name);

const changesOf = (entries: readonly Entry[], amendments: readonly Amendment[], id = 'new') =>
  applyAmendments(entries, amendments, {
    effectiveOn: '2031-03-04',
    newId: (amendment) => `${id} ${amendment.name}`,
  });

function next(entries: readonly Entry[], amendments: readonly Amendment[]): Entry[] {
  const list = new Map(entries.map((one) => [one.entryId, one]));
  for (const change of changesOf(entries, amendments)) takeStep(list, change);
  return [...list.values()];
}

it('words longer than any field are not found, and are no pattern that is too long', () => {
  const words = [{ find: 'Harbour Works '.repeat(20_000), by: 'x', field: null }];
  const { missed } = alterEntry(entry('Harbour Works'), { words });
  expect(missed).toHaveLength(1);
  expect(alterEntry(entry('Harbour Works'), { words: [{ ...words[0]!, find: 'Harbour' }] }).missed).toEqual(
    [],
  );
});

describe('finding what an instruction means', () => {
  const index = indexEntries([
    entry('Alpha Co., Ltd.', { aliases: ['Alef'] }),
    entry('Twice', { addresses: ['a'] }),
    entry('Twice', { addresses: ['b'] }),
    entry('Alpha Co., Ltd.', { destination: 'TURKEY', country: 'TR' }),
  ]);
  it('takes the name under its destination, else an alias, else the name before "a.k.a."', () => {
    for (const name of ['ALPHA CO LTD', 'Alef', 'Alpha Co., Ltd., a.k.a., Something'])
      expect(findTargets(index, order('remove', name)).map((found) => found.destination)).toEqual(['IRAN']);
  });
  it('never chooses between two, and finds nothing under another destination', () => {
    expect(findTargets(index, order('remove', 'Twice'))).toHaveLength(2);
    expect(findTargets(index, order('remove', 'Alef', { destination: 'TURKEY', country: 'TR' }))).toEqual([]);
  });
});

describe('verification', () => {
  const count = (value: Partial<StatedCount>): StatedCount => ({
    entities: null,
    entries: null,
    byDestination: {},
    ...value,
  });

  it('lets a headline of entities fit rows or distinct names, and entries only rows', () => {
    const two = [order('add', 'A'), order('add', 'A', { destination: 'TURKEY', country: 'TR' })];
    expect(verifyRule(rule(two, { add: count({ entities: 1 }) }), null).verdict).toBe('verified');
    expect(verifyRule(rule(two, { add: count({ entities: 2 }) }), null).verdict).toBe('verified');
    expect(verifyRule(rule(two, { add: count({ entries: 1 }) }), null).verdict).toBe('held');
  });

  it('holds a rule whose counts per destination are wrong although their sum is right', () => {
    const two = [order('add', 'A'), order('add', 'B')];
    const stated = { add: count({ entities: 2, byDestination: { IR: 1, CN: 1 } }) };
    expect(verifyRule(rule(two, stated), null).verdict).toBe('held');
  });

  const under = (name: string, country: string) => order('add', name, { country, destination: country });
  const statuses = (amendments: Amendment[], add: Partial<StatedCount>) => {
    const { verdict, checks } = verifyRule(rule(amendments, { add: count(add) }), null);
    return { verdict, ...Object.fromEntries(checks.map(({ name, status }) => [name, status])) };
  };
  const three = [under('A', 'CN'), under('B', 'RU'), under('C', 'RU')];

  it('holds a rule whose list of destinations does not add up to its headline, and says so', () => {
    expect(statuses(three, { entities: 3, byDestination: { CN: 1, RU: 1 } })).toMatchObject({
      verdict: 'held',
      'stated-additions': 'fail',
      'stated-additions-RU': 'fail',
    });
    const stated = { add: count({ entities: 3, byDestination: { CN: 1, RU: 1 } }) };
    expect(check(rule(three, stated), [], 'stated-additions')?.message).toBe(
      'The document contradicts itself: it states 3 additions, and 2 by destination. 3 found.',
    );
    expect(statuses(three, { entries: 3, byDestination: { CN: 1, RU: 3 } }).verdict).toBe('held');
  });

  it('takes counts for floors only where the document leaves destinations open', () => {
    expect(statuses(three, { entities: 3, byDestination: { RU: 1 }, partial: true }).verdict).toBe(
      'verified',
    );
    expect(statuses(three, { entities: 3, byDestination: { IR: 1 }, partial: true }).verdict).toBe('held');
    expect(statuses(three, { entities: 3, byDestination: { RU: 1 }, destinations: ['CN'] }).verdict).toBe(
      'held',
    );
    expect(statuses(three, { entities: 3, byDestination: { RU: 2 }, destinations: ['CN'] }).verdict).toBe(
      'verified',
    );
  });

  it('checks destinations that are named without a count, both ways', () => {
    const name = 'stated-additions-destinations';
    expect(statuses(three, { entities: 3, destinations: ['CN', 'RU'] })).toMatchObject({ [name]: 'pass' });
    expect(statuses(three, { entities: 3, destinations: ['CN', 'HK', 'RU'] })).toMatchObject({
      [name]: 'fail',
    });
    expect(statuses(three, { entities: 3, destinations: ['CN', 'HK'] })).toMatchObject({
      verdict: 'held',
      [name]: 'fail',
    });
    expect(statuses(three, { entities: 3, destinations: ['RU'], partial: true })).toMatchObject({
      [name]: 'pass',
    });
    expect(statuses(three, { entities: 3, destinations: ['IR'], partial: true })).toMatchObject({
      [name]: 'fail',
    });
  });

  it('counts names where both entities and entries are stated', () => {
    const name = 'stated-additions-entities';
    expect(statuses(three, { entities: 2, entries: 3 })).toMatchObject({ verdict: 'held', [name]: 'fail' });
    expect(statuses(three, { entities: 2, entries: 3, byDestination: { CN: 1, RU: 2 } })).toMatchObject({
      verdict: 'verified',
      [name]: 'skip',
    });
    expect(statuses(three, { entities: 3, entries: 3 })).toMatchObject({ [name]: 'pass' });
    const addresses = [under('A', 'CN'), under('Address 01', 'CN'), under('Address 02', 'RU')];
    expect(statuses(addresses, { entities: 1, entries: 3 })).toMatchObject({
      verdict: 'verified',
      [name]: 'pass',
    });
  });

  it('lets a small list lose most of its entries', () => {
    const list = ['A', 'B', 'C'].map((name) => entry(name));
    const removals = rule(['A', 'B'].map((name) => order('remove', name)));
    expect(check(removals, list, 'size-within-bounds')?.status).toBe('pass');
  });

  it('holds a rule that removes a fifth of a long list, however long another list is', () => {
    const names = Array.from({ length: 210 }, (_, at) => `Entity ${at}`);
    const other = Array.from({ length: 500 }, (_, at) => entry(`Other ${at}`, { list: 'unverified-list' }));
    const list = [...names.map((name) => entry(name)), ...other];
    const removing = (count: number) => rule(names.slice(0, count).map((name) => order('remove', name)));
    expect(check(removing(42), list, 'size-within-bounds')?.status).toBe('pass');
    expect(check(removing(43), list, 'size-within-bounds')?.status).toBe('fail');
  });

  it('is "unverified" where nothing is stated', () => {
    expect(verifyRule(rule([order('add', 'A')]), null).verdict).toBe('unverified');
  });

  it('holds an absent, a doubtful and a doubled target, and an addition that is there', () => {
    const list = [entry('A'), entry('Twice', { addresses: ['a'] }), entry('Twice', { addresses: ['b'] })];
    expect(check(rule([order('remove', 'Z')]), list, 'targets-exist')?.message).toMatch(/^target-absent/u);
    expect(check(rule([order('remove', 'Twice')]), list, 'targets-exist')?.message).toMatch(
      /^target-ambiguous/u,
    );
    expect(check(rule([order('remove', 'A'), order('revise', 'A')]), list, 'targets-exist')?.message).toMatch(
      /^target-twice/u,
    );
    const other = { citations: [{ volume: 96, page: 7, on: '2025-01-02' }] };
    expect(check(rule([order('add', 'a', other)]), list, 'additions-are-new')?.status).toBe('fail');
    // With the same citation it is the very addition, which a baseline from eCFR held already.
    expect(check(rule([order('add', 'a')]), list, 'additions-are-new')?.status).toBe('pass');
    expect(check(rule([order('add', 'a'), order('add', 'B')]), list, 'additions-are-new')?.status).toBe(
      'fail',
    );
    expect(check(rule([order('remove', 'A'), order('add', 'A')]), list, 'additions-are-new')?.status).toBe(
      'pass',
    );
  });
});

describe('applying', () => {
  it('keeps old citations where a row shows only the new one', () => {
    const [after] = next(
      [entry('A')],
      [order('revise', 'A', { citations: [{ volume: 96, page: 7, on: null }] })],
    );
    expect(after!.citations.map((citation) => citation.volume)).toEqual([90, 96]);
  });

  it('calls a change of spelling editorial, and a change of punctuation none', () => {
    const kind = (fields: Partial<PlacedEntry>) =>
      changesOf([entry('A')], [order('revise', 'A', fields)]).map((change) => change.kind);
    expect(kind({ addresses: ['Road 1., Qom, IRAN'] })).toEqual(['editorial']);
    expect(kind({ licenseRequirement: 'For all items  subject to the EAR' })).toEqual([]);
    expect(kind({ addresses: ['Road 2, Qom, Iran'] })).toEqual(['revised']);
    expect(kind({ footnotes: [4] })).toEqual(['revised']);
  });

  it('refuses a target that verification would not have passed', () => {
    expect(() => changesOf([], [order('remove', 'A')])).toThrow(/verify before applying/u);
  });

  const names = fc.uniqueArray(fc.string({ unit: fc.constantFrom('a', 'b', 'c', 'd', 'e'), minLength: 1 }), {
    minLength: 2,
    maxLength: 20,
  });

  it('changes nothing the second time', () => {
    fc.assert(
      fc.property(names, fc.nat(), (all, cut) => {
        const at = cut % all.length;
        const list = all.slice(0, at).map((name) => entry(name));
        const amendments = all.map((name, index) =>
          order(index < at ? 'revise' : 'add', name, { addresses: [`Road ${index}`] }),
        );
        const once = next(list, amendments);
        expect(changesOf(once, amendments, 'again')).toEqual([]);
        expect(next(once, amendments)).toEqual(once);
      }),
    );
  });

  it('gives the list back where what was added is removed', () => {
    fc.assert(
      fc.property(names, fc.nat(), (all, cut) => {
        const at = cut % all.length;
        const list = all.slice(0, at).map((name) => entry(name));
        const more = all.slice(at);
        const longer = next(
          list,
          more.map((name) => order('add', name)),
        );
        expect(longer).toHaveLength(all.length);
        expect(
          next(
            longer,
            more.map((name) => order('remove', name)),
          ),
        ).toEqual(list);
      }),
    );
  });
});

describe('a heading of a destination', () => {
  const heading = (action: 'add' | 'remove', orders: Amendment[] = []): Rule => ({
    ...rule(orders),
    headings: [
      {
        ...{ list: 'entity-list', destination: 'Iran', country: 'IR', action },
        locator: { instruction: '2', row: null, page: null },
      },
    ],
  });
  const elsewhere = [
    entry('Gamma', { destination: 'TURKEY', country: 'TR' }),
    entry('Delta', { list: 'unverified-list' }),
  ];

  it('is taken away only by what leaves nothing under it on that list', () => {
    const two = [entry('Alpha'), entry('Beta'), ...elsewhere];
    const emptied = (...orders: Amendment[]) => check(heading('remove', orders), two, 'heading-emptied');
    expect(emptied(order('remove', 'Alpha'), order('remove', 'Beta'))).toMatchObject({
      status: 'pass',
      found: 0,
    });
    expect(emptied(order('remove', 'Alpha'))).toMatchObject({ status: 'fail', found: 1 });
    expect(emptied(order('remove', 'Alpha'), order('revise', 'Beta'))).toMatchObject({
      status: 'fail',
      found: 1,
    });
    expect(emptied()).toMatchObject({ status: 'fail', found: 2 });
  });

  it('is new only where nothing stood under it on that list', () => {
    const added = (entries: Entry[]) => check(heading('add', [order('add', 'Beta')]), entries, 'heading-new');
    expect(added(elsewhere)).toMatchObject({ status: 'pass', found: 0 });
    expect(added([entry('Alpha'), ...elsewhere])).toMatchObject({ status: 'fail', found: 1 });
  });
});
