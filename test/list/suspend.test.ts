import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../src/days.ts';
import { correctChanges } from '../../src/list/correct.ts';
import { suspendChanges } from '../../src/list/suspend.ts';
import type { Change, Suspension } from '../../src/model.ts';
import { openBook, order } from '../helpers/book.ts';

const LOCATOR = { instruction: '2', row: null, page: null };
const suspension = (fields: Partial<Suspension>): Suspension => ({
  kind: 'stay',
  rule: { number: 'R', citation: null },
  from: null,
  until: null,
  locator: LOCATOR,
  ...fields,
});
const policy = (licenseReviewPolicy: string) => ({ licenseReviewPolicy });

/** Three entries, and the rule R of March 3 that adds one, revises one and removes one. */
function ruled() {
  const book = openBook();
  book.carryOut(
    null,
    '2031-01-02',
    ['Beta', 'Gamma'].map((name) => order('add', 'RU', name, policy('old'))),
  );
  book.carryOut('R', '2031-03-03', [
    order('add', 'CN', 'Acme', policy('new'), '3.a'),
    order('revise', 'RU', 'Beta', policy('new'), '3.b'),
    order('remove', 'RU', 'Gamma', {}, '30'),
  ]);
  return {
    ...book,
    /** What is ordered on a day about R, written down. */
    putOff(fields: Partial<Suspension>, orderOn: string) {
      const own = book.changes.filter(({ number }) => number === 'R');
      return book.append(suspendChanges(own, book.changes, suspension(fields), orderOn), 'S', orderOn);
    },
  };
}
const OLD = ['Beta: old', 'Gamma: old'];
const NEW = ['Acme: new', 'Beta: new'];

describe('a rule that is put off', () => {
  it.each<[string, Partial<Suspension>, string, string[], string[]]>([
    [
      'by a stay, from its first day to its last',
      { from: '2031-04-01', until: '2031-04-30' },
      '2031-03-20',
      ['2031-04-01', '2031-04-30'],
      ['2031-03-31', '2031-05-01'],
    ],
    [
      'from the effective day of the order, where it says none',
      { until: '2031-04-30' },
      '2031-03-20',
      ['2031-03-20', '2031-04-30'],
      ['2031-03-19', '2031-05-01'],
    ],
    [
      'before it has effect: from its own first day',
      { until: '2031-04-30' },
      '2031-02-10',
      ['2031-03-03', '2031-04-30'],
      ['2031-05-01'],
    ],
    [
      'by a delay, until the new first day',
      { kind: 'delay', until: '2031-04-30' },
      '2031-02-10',
      ['2031-03-03', '2031-04-29'],
      ['2031-04-30'],
    ],
    ['without an end', { from: '2031-04-01' }, '2031-03-20', ['2031-04-01', '2099-12-31'], ['2031-03-31']],
    ['until a day before its own: not at all', { until: '2031-03-01' }, '2031-02-10', [], ['2031-03-03']],
    [
      'until the day on which it begins anyway: not at all',
      { kind: 'delay', until: '2031-03-03' },
      '2031-02-10',
      [],
      ['2031-03-03', '2031-03-04'],
    ],
  ])('%s', (_how, fields, orderOn, off, on) => {
    const book = ruled();
    book.putOff(fields, orderOn);
    for (const day of off) expect(book.shownOn(day), day).toEqual(OLD);
    for (const day of on) expect(book.shownOn(day), day).toEqual(NEW);
  });

  it('says of each change why it came about, and of which it is', () => {
    const stayed = ruled().putOff({ from: '2031-04-01', until: '2031-04-30' }, '2031-03-20');
    const told = stayed.map(({ kind, name, because, effectiveOn, ofSeq }) => {
      const of = ruled().changes.find(({ seq }) => seq === ofSeq)!;
      return `${effectiveOn} ${kind} ${name} (${because} of ${of.kind} ${of.name})`;
    });
    expect(told.sort()).toEqual([
      '2031-04-01 added Gamma (stay of removed Gamma)',
      '2031-04-01 removed Acme (stay of added Acme)',
      '2031-04-01 revised Beta (stay of revised Beta)',
      '2031-05-01 added Acme (resume of added Acme)',
      '2031-05-01 removed Gamma (resume of removed Gamma)',
      '2031-05-01 revised Beta (resume of revised Beta)',
    ]);
    const [delayed] = ruled().putOff({ kind: 'delay', until: '2031-04-30' }, '2031-02-10');
    expect(delayed!.because).toBe('delay');
    expect(ruled().putOff({ until: '2031-03-01' }, '2031-02-10')).toEqual([]);
    expect(ruled().putOff({ until: '2031-03-02' }, '2031-02-10')).toEqual([]);
  });

  it.each<[string[], string[]]>([
    [['3'], ['Beta: old']],
    [['3.a'], ['Beta: new']],
    [['30'], ['Acme: new', 'Beta: new', 'Gamma: old']],
    [
      ['3.b', '30'],
      ['Acme: new', 'Beta: old', 'Gamma: old'],
    ],
    [
      ['a', '2'],
      ['Acme: new', 'Beta: new'],
    ],
  ])('in its instructions %j alone', (instructions, left) => {
    const book = ruled();
    book.putOff({ instructions }, '2031-04-01');
    expect(book.shownOn('2031-04-01')).toEqual(left);
  });

  it('has no instruction where a change has no place in it', () => {
    const { changes } = ruled();
    const own = changes.filter(({ number }) => number === 'R').map((one) => ({ ...one, locator: null }));
    expect(suspendChanges(own, changes, suspension({ instructions: ['3'] }), '2031-04-01')).toEqual([]);
    expect(suspendChanges(own, changes, suspension({}), '2031-04-01')).toHaveLength(3);
  });

  it('is put off by what it did itself, and not by what it scheduled or put off', () => {
    const book = ruled();
    const { length } = book.putOff({ until: '2031-04-30' }, '2031-04-01');
    expect(length).toBe(6);
    const ofTheOrder = book.changes.filter(({ number }) => number === 'S');
    expect(suspendChanges(ofTheOrder, book.changes, suspension({}), '2031-04-10')).toEqual([]);
  });

  it('is off while the last order about it says so, and until then as those before say', () => {
    const day = fc.integer({ min: 0, max: 30 });
    const orders = fc
      .tuple(day, day, fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }))
      .map(([a, b, c, d]) => {
        const [from1, from2] = [Math.min(a, b), Math.max(a, b)];
        return [
          { from: from1, end: from1 + c },
          { from: from2, end: from2 + d },
        ] as const;
      });
    const at = (days: number) => addDays('2031-03-03', days);
    fc.assert(
      fc.property(orders, fc.boolean(), ([first, second], isStay) => {
        const book = ruled();
        for (const { from, end } of [first, second])
          book.putOff(
            isStay
              ? { from: at(from), until: at(end - 1) }
              : { kind: 'delay', from: at(from), until: at(end) },
            '2031-03-01',
          );
        for (let days = 0; days < 62; days++) {
          const within = ({ from, end }: { from: number; end: number }) => from <= days && days < end;
          const isOff = within(second) || (days < second.from && within(first));
          expect(book.shownOn(at(days)), `day ${days}`).toEqual(isOff ? OLD : NEW);
        }
      }),
    );
  });

  it('stays off for good where an endless order follows one with an end', () => {
    const book = ruled();
    book.putOff({ from: '2031-04-01', until: '2031-04-30' }, '2031-03-20');
    book.putOff({ from: '2031-04-15' }, '2031-04-15');
    expect(book.shownOn('2031-04-14')).toEqual(OLD);
    expect(book.shownOn('2031-05-01')).toEqual(OLD);
    expect(book.shownOn('2099-12-31')).toEqual(OLD);
  });
});

describe('a rule that comes back', () => {
  const STAY = { from: '2031-05-01', until: '2031-05-31' };

  it.each([
    ['before the stay', '2031-04-01'],
    ['during the stay', '2031-05-10'],
    ['on the day of its return', '2031-06-01'],
    ['after the stay', '2031-06-10'],
  ])('comes back as another rule revised it %s', (_when, on) => {
    const book = ruled();
    // Printed before the stay was ordered; it may take effect at any time.
    book.carryOut('Q', '2031-04-01', [
      order('revise', 'CN', 'Acme', { ...policy('newer'), effectiveOn: on }),
    ]);
    book.putOff(STAY, '2031-04-20');
    expect(book.shownOn('2031-05-01')).toEqual(OLD);
    expect(book.shownOn('2031-05-31')).toEqual(OLD);
    expect(book.shownOn('2031-06-10')).toEqual(['Acme: newer', 'Beta: new']);
  });

  it('does not bring back what another rule removed before', () => {
    const book = ruled();
    book.carryOut('Q', '2031-04-01', [order('remove', 'CN', 'Acme')]);
    book.putOff(STAY, '2031-04-20');
    expect(book.shownOn('2031-05-31')).toEqual(OLD);
    expect(book.shownOn('2031-06-01')).toEqual(['Beta: new']);
  });

  it('leaves what another rule did to an entry that it had removed', () => {
    const book = ruled();
    const [removal] = book.changes.filter(({ name, kind }) => name === 'Gamma' && kind === 'removed');
    const back: Change = { ...removal!, kind: 'added', before: null, after: removal!.before };
    book.append([{ ...back, effectiveOn: '2031-05-10' }], 'Q', '2031-04-01');
    book.putOff(STAY, '2031-04-20');
    expect(book.shownOn('2031-06-01')).toEqual(['Acme: new', 'Beta: new', 'Gamma: old']);
  });

  it('does not outlive its own last day', () => {
    const book = openBook();
    book.carryOut(null, '2031-01-02', [order('add', 'RU', 'Beta', policy('old'))]);
    const endsOn = '2031-05-15';
    const own = book.carryOut('R', '2031-03-03', [
      order('add', 'CN', 'Acme', { ...policy('new'), endsOn }),
      order('revise', 'RU', 'Beta', { ...policy('new'), endsOn }),
    ]);
    book.append(suspendChanges(own, book.changes, suspension(STAY), '2031-04-20'), 'S', '2031-04-20');
    expect(book.shownOn('2031-04-30')).toEqual(['Acme: new', 'Beta: new']);
    for (const day of ['2031-05-01', '2031-05-16', '2031-06-01'])
      expect(book.shownOn(day), day).toEqual(['Beta: old']);
  });

  it.each(['mended', 'made anew'])('was put off as our own correction has %s it', (how) => {
    const book = ruled();
    const own = book.changes.filter(({ number }) => number === 'R');
    const read = own.map((change): Change => {
      if (change.name !== 'Acme') return change;
      const after = { ...change.after!, ...policy('as corrected') };
      // On another day it is no patch: it is undone and made anew.
      return { ...change, after, effectiveOn: how === 'mended' ? '2031-03-03' : '2031-03-04' };
    });
    const corrections = correctChanges({ told: own, next: read, on: '2031-03-03', history: book.changes });
    book.append(corrections, 'R', '2031-03-10');
    expect(book.shownOn('2031-04-30')).toEqual(['Acme: as corrected', 'Beta: new']);
    book.putOff(STAY, '2031-04-20');
    expect(book.shownOn('2031-05-01')).toEqual(OLD);
    expect(book.shownOn('2031-05-31')).toEqual(OLD);
    expect(book.shownOn('2031-06-01')).toEqual(['Acme: as corrected', 'Beta: new']);
  });
});
