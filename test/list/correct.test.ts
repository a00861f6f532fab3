import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../src/days.ts';
import { correctChanges } from '../../src/list/correct.ts';
import { netChanges } from '../../src/list/net-changes.ts';
import { correctedOnSeveralDays, suspendChanges } from '../../src/list/suspend.ts';
import type { Amendment, Change, TracedChange } from '../../src/model.ts';
import { openBook, order } from '../helpers/book.ts';

const ON = '2031-03-03';
const policy = (licenseReviewPolicy: string) => ({ licenseReviewPolicy });

const ofRule = ({ number }: TracedChange) => number === 'R';

function openList() {
  const book = openBook();
  const names = ['Beta', 'Gamma', 'Delta'];
  book.carryOut(
    null,
    '2031-01-02',
    names.map((name) => order('add', 'RU', name, policy('old'))),
  );
  return book;
}

/**
 * A rule read in one way after the other; each time what differs is appended as a correction.
 *
 * @param others what another rule did after the first reading
 */
function readAmong(others: readonly Change[], readings: readonly (readonly Amendment[])[]) {
  const book = openList();
  const corrections = readings.map((amendments, at) => {
    if (at === 0) {
      const first = book.carryOut('R', ON, amendments);
      book.append(others, 'S', addDays(ON, 1));
      return first;
    }
    const next = openList().carryOut('R', ON, amendments);
    const own = book.changes.filter(ofRule);
    return book.append(correctChanges({ told: own, next, on: ON, history: book.changes }), 'R', ON);
  });
  return { book, corrections };
}
const readInTurn = (...readings: (readonly Amendment[])[]) => readAmong([], readings);
const told = (changes: readonly Change[]) =>
  changes.map(({ kind, name, because, fields }) => `${because} ${kind} ${name} ${fields.join(',')}`.trim());

describe('a rule that is read anew', () => {
  const acme = (fields: Parameters<typeof order>[3] = {}) => order('add', 'CN', 'Acme', fields);
  const beta = (fields: Parameters<typeof order>[3] = {}) => order('revise', 'RU', 'Beta', fields);

  it.each<[string, Amendment[], Amendment[], string[]]>([
    ['nothing where it says the same', [acme(), beta()], [acme(), beta()], []],
    ['nothing where its entries come in another order', [acme(), beta()], [beta(), acme()], []],
    [
      'nothing for a print variant',
      [acme({ addresses: ['1 Road, Wuhan'] })],
      [acme({ addresses: ['1 Road,  Wuhan.'] })],
      [],
    ],
    [
      'one revision for another text of an addition',
      [acme()],
      [acme(policy('other'))],
      ['correction revised Acme licenseReviewPolicy'],
    ],
    [
      'one revision for another text of a revision',
      [beta(policy('new'))],
      [beta(policy('newer'))],
      ['correction revised Beta licenseReviewPolicy'],
    ],
    [
      'one revision for a revision that is more than spelling',
      [beta({ ...policy('OLD'), addresses: ['No. 5 Test Road, Seoul'] })],
      [beta(policy('new'))],
      ['correction revised Beta licenseReviewPolicy'],
    ],
    [
      'the entry that was missed',
      [acme()],
      [acme(), beta(policy('new'))],
      ['correction revised Beta licenseReviewPolicy'],
    ],
    [
      'the undoing of what it does not say',
      [acme(), beta(policy('new'))],
      [beta(policy('new'))],
      ['correction removed Acme'],
    ],
    [
      'the entry as it should read where it was a removal',
      [order('remove', 'RU', 'Beta')],
      [beta(policy('new'))],
      ['correction added Beta'],
    ],
    [
      'its undoing and its doing where the day is another',
      [acme()],
      [acme({ effectiveOn: '2031-04-01' })],
      ['correction removed Acme', 'correction added Acme'],
    ],
    [
      'its undoing and its doing where a removal has another day',
      [order('remove', 'RU', 'Beta')],
      [order('remove', 'RU', 'Beta', { effectiveOn: '2031-04-01' })],
      ['correction added Beta', 'correction removed Beta'],
    ],
    [
      'its end where it gains a last day',
      [acme()],
      [acme({ endsOn: '2031-05-31' })],
      ['correction removed Acme'],
    ],
    [
      'the entry again where it loses its last day',
      [acme({ endsOn: '2031-05-31' })],
      [acme()],
      ['correction added Acme'],
    ],
    [
      'a move where the destination is another',
      [order('alter', 'RU', 'Beta', { alter: { place: { destination: 'IRAN', country: 'IR' } } })],
      [order('alter', 'RU', 'Beta', { alter: { place: { destination: 'TURKEY', country: 'TR' } } })],
      ['correction revised Beta destination'],
    ],
  ])('gets %s', (_what, first, second, wanted) => {
    const { corrections } = readInTurn(first, second);
    expect(told(corrections[1]!)).toEqual(wanted);
  });

  it('says of a move from where it goes, and of each correction what it corrects', () => {
    const to = (destination: string, country: string) =>
      order('alter', 'RU', 'Beta', { alter: { place: { destination, country } } });
    const { corrections } = readInTurn([to('IRAN', 'IR')], [to('TURKEY', 'TR')]);
    expect(corrections[1]).toMatchObject([
      {
        movedFrom: { destination: 'IRAN', country: 'IR' },
        destination: 'TURKEY',
        country: 'TR',
        ofSeq: corrections[0]![0]!.seq,
        effectiveOn: ON,
      },
    ]);
    const stays = readInTurn([acme()], [acme(policy('other'))]).corrections[1]![0]!;
    expect(stays).not.toHaveProperty('movedFrom');
    const undone = readInTurn([acme()], []).corrections;
    expect(undone[1]).toMatchObject([{ kind: 'removed', ofSeq: undone[0]![0]!.seq, effectiveOn: ON }]);
  });

  it('undoes and does anew what stands on another list', () => {
    const listed = (list: 'entity-list' | 'unverified-list') => acme({ list, destination: 'CHINA' });
    const { corrections } = readInTurn([listed('entity-list')], [listed('unverified-list')]);
    expect(corrections[1]!.map(({ kind, list }) => `${kind} ${list}`)).toEqual([
      'removed entity-list',
      'added unverified-list',
    ]);
  });
});

/** Readings of one rule: each entry in one of a few ways and on one of a few days, or not at all. */
const reading: fc.Arbitrary<Amendment[]> = fc
  .tuple(
    ...['Beta', 'Gamma', 'Delta', 'Acme'].map((name) =>
      fc.record({
        name: fc.constant(name),
        action: fc.constantFrom('do', 'remove', 'not'),
        text: fc.constantFrom('old', 'new', 'OLD'),
        day: fc.constantFrom(undefined, ...[-2, 3, 5, 7].map((days) => addDays(ON, days))),
        endsOn: fc.constantFrom(undefined, ...[8, 9].map((days) => addDays(ON, days))),
      }),
    ),
  )
  .map((all) =>
    all.flatMap(({ name, action, text, day, endsOn }) => {
      const days = {
        ...(day === undefined ? {} : { effectiveOn: day }),
        ...(endsOn === undefined ? {} : { endsOn }),
      };
      if (action === 'not') return [];
      if (name === 'Acme') return [order('add', 'CN', name, { ...policy(text), ...days })];
      if (action === 'remove') return [order('remove', 'RU', name, days)];
      return [order('revise', 'RU', name, { ...policy(text), ...days })];
    }),
  );
const readings = fc.array(reading, { minLength: 2, maxLength: 5 });
const ofOneDay = reading.map((all) =>
  all.map(({ effectiveOn: _on, endsOn: _ends, ...amendment }): Amendment => amendment),
);
const DAYS = Array.from({ length: 16 }, (_, at) => addDays(ON, at - 3));

/** Another rule about the same entries, on any day, as far as it finds them. */
const other = fc.record({
  on: fc.constantFrom(...DAYS),
  orders: fc.uniqueArray(
    fc.record({
      name: fc.constantFrom('Beta', 'Gamma', 'Delta'),
      action: fc.constantFrom<('revise' | 'remove')[]>('revise', 'remove'),
      text: fc.constantFrom('old', 'new', 'of S'),
      addresses: fc.constantFrom<string[][]>(['1 Road, Perm'], ['2 Road, Perm']),
    }),
    { selector: ({ name }) => name },
  ),
});

describe('a rule that is read in several ways, one after the other', () => {
  it('leaves on every day the list that its last reading leaves', () => {
    fc.assert(
      fc.property(readings, (all) => {
        const { book } = readInTurn(...all);
        const once = readInTurn(all.at(-1)!).book;
        for (const day of DAYS) expect(book.listOn(day), day).toEqual(once.listOn(day));
      }),
    );
  });

  it('does so among what another rule does', () => {
    fc.assert(
      fc.property(readings, other, (all, { on, orders }) => {
        const { book: first } = readInTurn(all[0]!);
        // What did nothing at first has no place among the rules of a day before it is read anew.
        fc.pre(first.changes.some(ofRule));
        const there = new Set(first.listOn(on).map(({ name }) => name));
        const others = first.carryOut(
          'S',
          on,
          orders
            .filter(({ name }) => there.has(name))
            .map(({ action, name, text, addresses }) =>
              order(
                action as 'revise',
                'RU',
                name,
                action === 'revise' ? { ...policy(text), addresses } : {},
              ),
            ),
        );
        const { book } = readAmong(others, all);
        const once = readAmong(others, [all.at(-1)!]).book;
        for (const day of DAYS) expect(book.listOn(day), day).toEqual(once.listOn(day));
      }),
    );
  });

  it('is put off as its last reading alone would be, where each entry kept its day', () => {
    const stay = fc.record({
      kind: fc.constantFrom('stay' as const, 'delay' as const),
      from: fc.constantFrom(null, ...DAYS),
      until: fc.constantFrom(null, ...DAYS),
      orderOn: fc.constantFrom(...DAYS),
    });
    fc.assert(
      fc.property(
        fc.array(ofOneDay, { minLength: 2, maxLength: 5 }),
        stay,
        (all, { kind, from, until, orderOn }) => {
          const putOff = ({ book }: ReturnType<typeof readInTurn>) => {
            const rule = { number: 'R', citation: null };
            const suspension = {
              kind,
              rule,
              from,
              until,
              locator: { instruction: '2', row: null, page: null },
            };
            const changes = suspendChanges(book.changes.filter(ofRule), book.changes, suspension, orderOn);
            book.append(changes, 'S', orderOn);
            return book;
          };
          const book = putOff(readInTurn(...all));
          const once = putOff(readInTurn(all.at(-1)!));
          for (const day of DAYS) expect(book.listOn(day), day).toEqual(once.listOn(day));
        },
      ),
    );
  });

  it('tells which entries it left with more days than one', () => {
    const acme = (days: Partial<Amendment>) => order('add', 'CN', 'Acme', days);
    const later = { effectiveOn: '2031-04-01' };
    const of = (...all: Amendment[][]) =>
      correctedOnSeveralDays(readInTurn(...all).book.changes.filter(ofRule));
    expect(of([acme({})], [acme(later)])).toHaveLength(1);
    expect(of([acme({})], [acme(policy('new'))])).toEqual([]);
    expect(of([acme({ endsOn: '2031-05-31' })])).toEqual([]);
  });

  it('gets nothing where it is read in the same way again', () => {
    fc.assert(
      fc.property(readings, (all) => {
        expect(readInTurn(...all, all.at(-1)!).corrections.at(-1)).toEqual([]);
      }),
    );
  });

  it('comes to what its last reading does, under the number that was told first', () => {
    const acme = (text: string) => order('add', 'CN', 'Acme', policy(text));
    const { book } = readInTurn([acme('a')], [acme('b')], [acme('c')]);
    const own = book.changes.filter(ofRule);
    expect(own).toHaveLength(3);
    const net = netChanges([...own].reverse());
    expect(net).toHaveLength(1);
    expect(net[0]).toMatchObject({
      ...{ seq: own[0]!.seq, kind: 'added', because: null, before: null, name: 'Acme' },
      after: { licenseReviewPolicy: 'c' },
    });
    const gone = readInTurn([acme('a')], [acme('b')], []).book.changes;
    expect(netChanges(gone.filter(ofRule))).toEqual([]);
  });

  it('keeps the reason of what is no correction', () => {
    const { book } = readInTurn([order('add', 'CN', 'Acme', { endsOn: '2031-05-31' })]);
    const own = book.changes.filter(ofRule);
    expect(netChanges(own).map(({ because = null }) => because)).toEqual([null, 'expiry']);
  });
});
