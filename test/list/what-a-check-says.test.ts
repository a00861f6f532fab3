import { describe, expect, it } from 'vitest';
import { alterEntry } from '../../src/list/alter.ts';
import { planAmendments } from '../../src/list/plan.ts';
import { indexEntries } from '../../src/list/resolve.ts';
import { verifyRule } from '../../src/list/verify.ts';
import type {
  Alteration,
  Amendment,
  AmendmentAction,
  Entry,
  HeadingChange,
  PlacedEntry,
  Rule,
} from '../../src/model.ts';
import { readFixtureRule } from '../helpers/fixtures.ts';
import { placedEntry } from '../helpers/placed-entry.ts';

const entry = (name: string, fields: Partial<PlacedEntry> = {}): Entry => ({
  ...placedEntry(name),
  ...fields,
  entryId: `id ${name} ${fields.destination ?? ''}`,
});
const PLACE = placedEntry('A').destination;
const order = (action: AmendmentAction, name: string, fields: Partial<Amendment> = {}): Amendment => ({
  ...placedEntry(name),
  action,
  locator: { instruction: '2', row: 1, page: 1 },
  ...fields,
});
const alter = (name: string, alteration: Alteration) => order('alter', name, { alter: alteration });
const rule = (amendments: Amendment[], headings: HeadingChange[] = []): Rule => ({
  ...readFixtureRule('2031-00011'),
  ...{ lists: ['entity-list'], amendments, headings, issues: [] },
  stated: { 'entity-list': { add: null, revise: null, remove: null } },
});
const said = (of: Rule, list: Entry[], name: string) => {
  const found = verifyRule(of, indexEntries(list)).checks.find((check) => check.name === name);
  return found && { status: found.status, found: found.found, message: found.message };
};
const problems = (list: Entry[], ...amendments: Amendment[]) =>
  planAmendments(indexEntries(list), amendments).problems.map(({ code }) => code);

describe('additions that are on the list', () => {
  const names = ['A', 'B', 'C', 'D', 'E', 'F', 'G'];
  const additions = names.map((name) => order('add', name, { citations: [] }));

  it('are counted and named with their destination, five of them at the most', () => {
    const there = (count: number) =>
      said(
        rule(additions),
        names.slice(0, count).map((name) => entry(name)),
        'additions-are-new',
      );
    expect(there(0)).toEqual({
      ...{ status: 'pass', found: 7, message: 'No added entry is on the list already.' },
    });
    expect(there(1)).toEqual({
      ...{ status: 'fail', found: 6, message: `Already on the list: “A” (${PLACE}).` },
    });
    const five = ['A', 'B', 'C', 'D', 'E'].map((name) => `“${name}” (${PLACE})`).join(', ');
    expect(there(5)?.message).toBe(`Already on the list: ${five}.`);
    expect(there(6)?.message).toBe(`Already on the list: ${five} and 1 more.`);
    // All of them there, and none by this rule.
    expect(there(7)).toMatchObject({ status: 'fail', found: 0 });
  });

  it('are none where the same document takes off what is there, or moves it elsewhere', () => {
    const list = [entry('A')];
    const add = order('add', 'A', { citations: [] });
    expect(problems(list, add)).toEqual(['already-listed']);
    expect(problems(list, order('remove', 'A'), add)).toEqual([]);
    expect(problems(list, alter('A', { place: { destination: 'TURKEY', country: 'TR' } }), add)).toEqual([]);
    expect(problems(list, alter('A', { licenseReviewPolicy: 'Case by case' }), add)).toEqual([
      'already-listed',
    ]);
  });
});

describe('an entry that a document speaks of twice', () => {
  it('may be altered in several parts, and nothing else', () => {
    const list = [entry('A')];
    const parts = [
      alter('A', { licenseRequirement: 'For all items.' }),
      alter('A', { licenseReviewPolicy: 'Case by case' }),
    ] as const;
    expect(problems(list, ...parts)).toEqual([]);
    for (const action of ['remove', 'revise'] as const) {
      expect(problems(list, parts[0], order(action, 'A'))).toEqual(['target-twice']);
      expect(problems(list, order(action, 'A'), parts[0])).toEqual(['target-twice']);
      expect(problems(list, order(action, 'A'), order(action, 'A'))).toEqual(['target-twice']);
    }
  });
});

describe('a heading', () => {
  const heading = (action: 'add' | 'remove'): HeadingChange => ({
    ...{ action, list: 'entity-list', destination: PLACE, country: placedEntry('A').country },
    locator: { instruction: '2', row: null, page: null },
  });

  it('is new where nothing stood under it', () => {
    const add = rule([order('add', 'B')], [heading('add')]);
    expect(said(add, [], 'heading-new')).toEqual({
      ...{ status: 'pass', found: 0, message: `The heading ${PLACE} is added; 0 entries stood under it.` },
    });
    expect(said(add, [entry('A')], 'heading-new')).toEqual({
      ...{ status: 'fail', found: 1, message: `The heading ${PLACE} is added; 1 entries stood under it.` },
    });
  });

  it('is taken away where nothing is left under it', () => {
    const remove = rule([order('remove', 'A')], [heading('remove')]);
    expect(said(remove, [entry('A')], 'heading-emptied')).toEqual({
      status: 'pass',
      found: 0,
      message: `The heading ${PLACE} is taken away; 0 entries would be left under it.`,
    });
    expect(said(remove, [entry('A'), entry('B')], 'heading-emptied')).toMatchObject({
      status: 'fail',
      found: 1,
      message: `The heading ${PLACE} is taken away; 1 entries would be left under it.`,
    });
  });
});

it('an alteration says of each footnote that it does not find, or finds already', () => {
  const { missed, entry: next } = alterEntry(entry('A', { footnotes: [1, 4] }), {
    footnotes: { remove: [2, 4], add: [1, 3] },
  });
  expect(missed).toEqual(['it has no footnote 2 to remove', 'it has footnote 1 already']);
  expect(next.footnotes).toEqual([1, 3]);
});
