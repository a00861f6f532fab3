import { describe, expect, it } from 'vitest';
import { entriesOf, namesLeft, otherVersions, pastsOf } from '../../src/list/versions.ts';
import { openBook, order } from '../helpers/book.ts';

const policy = (licenseReviewPolicy: string) => ({ licenseReviewPolicy });
const ID = "CHINA, PEOPLE'S REPUBLIC OF Acme";

/** Acme from the baseline on, revised by A, renamed by B, revised again by C. */
function book() {
  const all = openBook();
  all.carryOut(null, '2031-01-02', [order('add', 'CN', 'Acme', policy('0'))]);
  all.carryOut('A', '2031-02-03', [order('revise', 'CN', 'Acme', policy('a'))]);
  all.carryOut('B', '2031-03-03', [order('alter', 'CN', 'Acme', { alter: { name: 'Acme Works' } })]);
  all.carryOut('C', '2031-04-01', [order('revise', 'CN', 'Acme Works', policy('c'))]);
  return all;
}

describe('the versions of an entry', () => {
  it('begin with its absence, and are one for each rule and day', () => {
    const { versions } = pastsOf(book().inOrder(), '2031-03-10').get(ID)!;
    expect(
      versions.map(({ entry, number, effectiveOn }) => [
        entry && `${entry.name} ${entry.licenseReviewPolicy}`,
        number,
        effectiveOn,
      ]),
    ).toEqual([
      [null, null, ''],
      ['Acme 0', null, '2031-01-02'],
      ['Acme a', 'A', '2031-02-03'],
      ['Acme Works a', 'B', '2031-03-03'],
      ['Acme Works c', 'C', '2031-04-01'],
    ]);
  });

  it('are one where a rule touches an entry twice on a day, and two on two days', () => {
    const all = book();
    const twice = (...days: string[]) =>
      all.carryOut(
        'D',
        '2031-05-01',
        days.map((effectiveOn, at) =>
          order('alter', 'CN', 'Acme Works', {
            ...{ effectiveOn, alter: at === 0 ? policy('d') : { footnotes: { add: [4], remove: [] } } },
          }),
        ),
      );
    twice('2031-05-01', '2031-05-01');
    const count = () => pastsOf(all.inOrder(), '2031-05-01').get(ID)!.versions.length;
    expect(count()).toBe(6);
    expect(entriesOf(pastsOf(all.inOrder(), '2031-05-01'))).toMatchObject([
      { licenseReviewPolicy: 'd', footnotes: [4] },
    ]);
    all.carryOut('E', '2031-06-02', [order('alter', 'CN', 'Acme Works', { alter: policy('e') })]);
    all.carryOut('F', '2031-06-02', [order('alter', 'CN', 'Acme Works', { alter: policy('f') })]);
    expect(count()).toBe(8);
    all.carryOut('F', '2031-06-03', [order('alter', 'CN', 'Acme Works', { alter: policy('g') })]);
    expect(count()).toBe(9);
  });

  it.each([
    ['2031-01-01', []],
    ['2031-01-02', ['Acme 0']],
    ['2031-02-03', ['Acme a']],
    ['2031-03-02', ['Acme a']],
    ['2031-03-03', ['Acme Works a']],
    ['2031-12-31', ['Acme Works c']],
  ])('give the list as it was on %s', (on, names) => {
    expect(
      entriesOf(pastsOf(book().inOrder(), on)).map((one) => `${one.name} ${one.licenseReviewPolicy}`),
    ).toEqual(names);
  });

  it('tell each name that was taken off, by whatever way and whenever', () => {
    const all = book();
    expect(namesLeft(pastsOf(all.inOrder(), '2031-01-02'))).toEqual(['Acme']);
    all.carryOut('D', '2031-05-01', [order('remove', 'CN', 'Acme Works')]);
    expect(namesLeft(pastsOf(all.inOrder(), '2031-01-02'))).toEqual(['Acme', 'Acme Works']);
  });

  it.each<[string, string, string[], number[]]>([
    ['back through open rules, the nearest first', '2031-04-01', ['A', 'B', 'C'], [3, 2, 1]],
    ['no further than a rule that it must have', '2031-04-01', ['A', 'C'], [3]],
    ['none before a rule that it must have', '2031-04-01', ['A', 'B'], []],
    ['not before the baseline', '2031-01-02', ['A', 'B', 'C'], [2, 3, 4]],
    ['also of rules that are not in effect yet', '2031-03-03', ['B'], [2, 4]],
  ])('that a source may show go %s', (_how, on, open, others) => {
    const past = pastsOf(book().inOrder(), on).get(ID)!;
    expect(otherVersions(past, (number) => open.includes(number))).toEqual(others);
  });

  it('of a rule that is in effect in part are not ahead of it', () => {
    const all = book();
    all.carryOut('C', '2031-05-01', [order('revise', 'CN', 'Acme Works', policy('later'))]);
    expect(otherVersions(pastsOf(all.inOrder(), '2031-04-01').get(ID)!, () => false)).toEqual([]);
  });
});
