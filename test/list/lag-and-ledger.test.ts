import { describe, expect, it } from 'vitest';
import { foldName } from '../../src/fold.ts';
import { entryKey } from '../../src/list/key.ts';
import { explainLag, type Pairing } from '../../src/list/lag.ts';
import { ledgerOf, rulesToWatch } from '../../src/list/ledger.ts';
import { reconcileEntries } from '../../src/list/reconcile.ts';
import { indexPages } from '../../src/list/reconcile-tolerance.ts';
import { entriesOf, pastsOf } from '../../src/list/versions.ts';
import type { Amendment, AuditSource, PlacedEntry } from '../../src/model.ts';
import { openBook, order } from '../helpers/book.ts';

const NOWHERE = indexPages([]);
/** eCFR, as the audit compares it. */
const ECFR: Pairing<PlacedEntry> = {
  reconcile: (ours, theirs) => reconcileEntries(ours, theirs, NOWHERE),
  foldedNamesOf: ({ name }) => [foldName(name)],
  show: (entry) => entry,
};
const TODAY = '2031-03-10';
const fields = (name: string) => ({ addresses: [`${name} Road`] });

/** A list on which rules, all printed on March 3, each do what is said on their day. */
function ruled(rules: Record<string, [string, Amendment[]]>) {
  const book = openBook();
  book.carryOut(
    null,
    '2031-01-02',
    ['One', 'Two', 'Three'].map((name) => order('add', 'RU', name, fields(name))),
  );
  for (const [number, [on, amendments]] of Object.entries(rules))
    book.carryOut(number, on, amendments, '2031-03-03');
  return book;
}
function look(book: ReturnType<typeof openBook>, theirs: readonly PlacedEntry[], open: string[]) {
  const pasts = pastsOf(book.inOrder(), TODAY);
  const found = ECFR.reconcile(entriesOf(pasts), theirs);
  const { drift, shown } = explainLag(found, pasts, (number) => open.includes(number), ECFR);
  const watched = rulesToWatch(book.changes, {
    source: 'ecfr',
    today: TODAY,
    pending: new Set(),
    ledger: new Map(),
  });
  return {
    drift: drift.map(({ kind, ours, theirs: row, fields: differ }) =>
      `${kind} ${ours?.name ?? '-'} / ${row?.name ?? '-'} ${differ.join(',')}`.trim(),
    ),
    lines: ledgerOf(watched, pasts, shown, TODAY, ECFR).map(({ number, there, ours, missing, day }) =>
      `${number} ${there}/${ours} ${missing.join(', ')} day ${day}`.replace('  ', ' '),
    ),
  };
}
const policy = (licenseReviewPolicy: string) => ({ alter: { licenseReviewPolicy } });
const ADD = order('add', 'CN', 'New', fields('New'));
const REVISE = order('alter', 'RU', 'One', policy('other'));
const REMOVE = order('remove', 'RU', 'Two');
const RENAME = order('alter', 'RU', 'Three', { alter: { name: 'Drei' } });
const ALL: Record<string, [string, Amendment[]]> = { A: ['2031-03-03', [ADD, REVISE, REMOVE, RENAME]] };

describe('a source that shows the list of before', () => {
  it('lags behind an open rule, with all of its entries', () => {
    const book = ruled(ALL);
    expect(look(book, book.listOn('2031-03-02'), ['A'])).toEqual({
      drift: [],
      lines: ['A 0/4 Drei, New, One, Two day 5'],
    });
    expect(look(book, book.listOn(TODAY), ['A'])).toEqual({ drift: [], lines: ['A 4/4 day 5'] });
  });

  it('is wrong where the rule is not open any more', () => {
    const book = ruled(ALL);
    expect(look(book, book.listOn('2031-03-02'), []).drift.sort()).toEqual([
      'differs Drei / Three name',
      'differs One / One licenseReviewPolicy',
      'missing-here - / Two',
      'missing-there New / -',
    ]);
    expect(look(book, [], ['A']).drift.sort()).toEqual(['missing-there Drei / -', 'missing-there One / -']);
  });

  it.each<[string, string[], string]>([
    ['an addition', ['New'], 'A 3/4 New day 5'],
    ['a revision', ['One'], 'A 3/4 One day 5'],
    ['a removal', ['Two'], 'A 3/4 Two day 5'],
    ['a new name', ['Three'], 'A 3/4 Drei day 5'],
  ])('may lack %s alone', (_what, names, line) => {
    const book = ruled(ALL);
    const idsOf = (on: string) => new Map(book.listOn(on).map((one) => [one.entryId, one]));
    const [before, after] = [idsOf('2031-03-02'), idsOf(TODAY)];
    const ids = [...new Set([...before.keys(), ...after.keys()])];
    const theirs = ids.flatMap(
      (id) => (names.some((name) => id.endsWith(` ${name}`)) ? before : after).get(id) ?? [],
    );
    expect(look(book, theirs, ['A'])).toEqual({ drift: [], lines: [line] });
  });

  it('may show an entry of before, and be wrong in another field of it', () => {
    const book = ruled({ A: ['2031-03-03', [REVISE]] });
    const theirs = book
      .listOn('2031-03-02')
      .map((one) => ({ ...one, ...(one.name === 'One' ? { footnotes: [4] } : {}) }));
    expect(look(book, theirs, ['A'])).toEqual({
      drift: ['differs One / One footnotes'],
      lines: ['A 0/1 One day 5'],
    });
  });

  it('may be ahead of a rule that has no effect yet', () => {
    const book = ruled({ B: ['2031-04-01', [ADD, REVISE, REMOVE, RENAME]] });
    expect(look(book, book.listOn('2031-04-01'), [])).toEqual({ drift: [], lines: [] });
  });

  it('is at one of two open rules, and its entry counts for each', () => {
    const book = ruled({
      A: ['2031-03-03', [REVISE]],
      B: ['2031-03-05', [order('alter', 'RU', 'One', policy('later'))]],
    });
    expect(look(book, book.listOn('2031-03-02'), ['A', 'B']).lines).toEqual([
      'A 0/1 One day 5',
      'B 0/1 One day 5',
    ]);
    expect(look(book, book.listOn('2031-03-04'), ['A', 'B']).lines).toEqual([
      'A 1/1 day 5',
      'B 0/1 One day 5',
    ]);
    expect(look(book, book.listOn(TODAY), ['A', 'B']).lines).toEqual(['A 1/1 day 5', 'B 1/1 day 5']);
  });

  it('shows a row that no entry and no rule explains', () => {
    const book = ruled(ALL);
    const stranger = {
      ...book.listOn(TODAY)[0]!,
      name: 'Stranger',
      destination: 'CUBA',
      country: 'CU',
      addresses: [],
    };
    expect(look(book, [...book.listOn(TODAY), stranger], ['A']).drift).toEqual(['missing-here - / Stranger']);
    // A row of the name of an entry that went, elsewhere, is not that entry.
    const elsewhere = { ...stranger, name: 'Two' };
    expect(look(book, [...book.listOn(TODAY), elsewhere], ['A']).drift).toEqual(['missing-here - / Two']);
    expect(entryKey(elsewhere)).toBe('entity-list|cuba|two');
  });

  it('has no line for a rule that changes nothing it can show', () => {
    const book = ruled({ A: ['2031-03-03', [order('alter', 'RU', 'One', { alter: { name: 'One.' } })]] });
    expect(look(book, book.listOn(TODAY), ['A']).lines).toEqual([]);
  });
});

describe('the rules that are watched', () => {
  const book = ruled({ A: ['2031-03-03', [ADD]], B: ['2031-03-17', [REVISE]] });
  const watch = (
    source: AuditSource,
    today: string,
    seen: Record<string, string | null> = {},
    pending: string[] = [],
  ) =>
    [
      ...rulesToWatch(book.changes, {
        source,
        today,
        pending: new Set(pending),
        ledger: new Map(Object.entries(seen)),
      }).values(),
    ].map(
      ({ number, day, isOpen, isLate }) =>
        `${number} day ${day}${isOpen ? ' open' : ''}${isLate ? ' late' : ''}`,
    );

  it.each<[string, AuditSource, string, Record<string, string | null>, string[], string[]]>([
    ['none before they have effect', 'ecfr', '2031-03-02', {}, [], []],
    ['from their first day', 'ecfr', '2031-03-03', {}, [], ['A day 0 open']],
    ['to the last business day that eCFR may take', 'ecfr', '2031-03-10', {}, [], ['A day 5 open']],
    ['no longer', 'ecfr', '2031-03-11', {}, [], []],
    ['longer for the Consolidated Screening List', 'csl', '2031-03-11', {}, [], ['A day 6 open']],
    ['from their effect on, where that is later', 'ecfr', '2031-03-24', {}, [], ['B day 15 open']],
    ['as late where they never were there', 'ecfr', '2031-03-11', { A: null }, [], ['A day 6 open late']],
    [
      'as late where all was there before they began',
      'ecfr',
      '2031-03-11',
      { A: '2031-03-02' },
      [],
      ['A day 6 open late'],
    ],
    ['not where they were there', 'ecfr', '2031-03-11', { A: '2031-03-03' }, [], []],
    ['as closed where they were there in time', 'ecfr', '2031-03-10', { A: '2031-03-04' }, [], ['A day 5']],
    ['for as long as the source gives notice of them', 'ecfr', '2031-03-14', {}, ['A'], ['A day 9 open']],
  ])('%s', (_what, source, today, seen, pending, wanted) => {
    expect(watch(source, today, seen, pending)).toEqual(wanted);
  });

  it('are by the last day of effect that has come', () => {
    const parts = ruled({ A: ['2031-03-03', [ADD]] });
    parts.carryOut('A', '2031-03-17', [REVISE], '2031-03-03');
    const on = (today: string) =>
      rulesToWatch(parts.changes, {
        source: 'ecfr',
        today,
        pending: new Set(),
        ledger: new Map([['A', '2031-03-05']]),
      }).get('A')?.isOpen;
    expect([on('2031-03-10'), on('2031-03-17'), on('2031-03-24'), on('2031-03-25')]).toEqual([
      false,
      true,
      true,
      true,
    ]);
  });
});
