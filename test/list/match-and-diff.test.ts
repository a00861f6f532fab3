import { describe, expect, it } from 'vitest';
import { diffLists, diffStates } from '../../src/list/diff.ts';
import { matchFilter } from '../../src/list/match-filter.ts';
import { type Entry, type SubscriptionFilter, WHOLE_FILTER } from '../../src/model.ts';
import { openBook, order } from '../helpers/book.ts';
import { sampleChanges } from '../helpers/sample-changes.ts';

describe('a subscriber gets', () => {
  it.each<[string, Partial<SubscriptionFilter>, number]>([
    ['everything without a filter', {}, 8],
    ['the changes of a country', { countries: ['CN'] }, 3],
    ['those of several', { countries: ['CN', 'PK'] }, 5],
    ['those of a kind', { kinds: ['removed'] }, 1],
    ['what is of a country and a kind', { countries: ['CN', 'DE'], kinds: ['removed'] }, 1],
    ['nothing of another country', { countries: ['TR'] }, 0],
    ['as many as the minimum', { countries: ['CN'], minimumCount: 3 }, 3],
    ['nothing where fewer are left', { countries: ['CN'], minimumCount: 4 }, 0],
  ])('%s', (_what, filter, count) => {
    expect(matchFilter({ ...WHOLE_FILTER, ...filter }, sampleChanges())).toHaveLength(count);
  });

  it('nothing without a country, where countries are asked for', () => {
    const nowhere = sampleChanges().map((change) => ({ ...change, country: null }));
    const filter = WHOLE_FILTER;
    expect(matchFilter({ ...filter, countries: ['CN'] }, nowhere)).toEqual([]);
    expect(matchFilter({ ...filter, countries: [] }, nowhere)).toHaveLength(8);
  });
});

/** A list before and after a rule that adds, revises, moves and removes. */
function states(): [Entry[], Entry[]] {
  const book = openBook();
  const names = ['Beta', 'Gamma', 'Delta', 'Same'];
  book.carryOut(
    null,
    '2031-01-02',
    names.map((name) => order('add', 'RU', name)),
  );
  book.carryOut('R', '2031-03-03', [
    order('add', 'CN', 'Acme'),
    order('alter', 'RU', 'Beta', { alter: { licenseReviewPolicy: 'other' } }),
    order('alter', 'RU', 'Gamma', { alter: { place: { destination: 'IRAN', country: 'IR' } } }),
    order('remove', 'RU', 'Delta'),
  ]);
  return [book.listOn('2031-01-02'), book.listOn('2031-03-03')];
}
const told = (found: ReturnType<typeof diffStates>) =>
  found.map(({ before, after, fields }) =>
    `${before?.name ?? '-'} ${after?.name ?? '-'} ${fields.join(',')}`.trim(),
  );

describe('two lists', () => {
  it('differ as states by entry, in the order of destination and name', () => {
    const [before, after] = states();
    expect(told(diffStates(before, after))).toEqual([
      '- Acme',
      'Gamma Gamma destination',
      'Beta Beta licenseReviewPolicy',
      'Delta -',
    ]);
    expect(told(diffStates(after, before))).toEqual([
      'Acme -',
      'Beta Beta licenseReviewPolicy',
      '- Delta',
      'Gamma Gamma destination',
    ]);
    expect(diffStates(after, [...after].reverse())).toEqual([]);
  });

  it('differ without ids by destination and name', () => {
    const [before, after] = states();
    expect(told(diffLists(before, after)).sort()).toEqual([
      '- Acme',
      '- Gamma',
      'Beta Beta licenseReviewPolicy',
      'Delta -',
      'Gamma -',
    ]);
    expect(diffLists(after, [...after].reverse())).toEqual([]);
  });

  it('pair namesakes by their text, and what is left with what is left', () => {
    const [beta] = states()[0];
    const at = (...addresses: string[]) => ({ ...beta!, addresses });
    const differences = (before: Entry[], after: Entry[]) =>
      diffLists(before, after).map((one) =>
        `${one.before?.addresses ?? '-'} ${one.after?.addresses ?? '-'} ${one.fields}`.trim(),
      );
    expect(differences([at('a'), at('b')], [at('b'), at('a')])).toEqual([]);
    expect(differences([at('a'), at('b')], [at('c'), at('a')])).toEqual(['b c addresses']);
    expect(differences([at('a'), at('b')], [at('a')])).toEqual(['b -']);
    expect(differences([at('a')], [at('b'), at('a')])).toEqual(['- b']);
  });
});
