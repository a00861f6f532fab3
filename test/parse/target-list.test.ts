import { describe, expect, it } from 'vitest';
import { createInstructionReader } from '../../src/parse/instruction.ts';
import { maskParagraph } from '../../src/parse/mask.ts';
import { eatEntryWords, eatTargets, eatWhere } from '../../src/parse/target-list.ts';

const cursorAt = (text: string) => ({ masked: maskParagraph(text), at: 0 });

/** Names and destination of each group, and the masked text that is left. */
function targets(text: string, plain = false) {
  const cursor = cursorAt(text);
  const found = eatTargets(cursor, plain);
  for (const group of found ?? []) expect(group.quoted).toHaveLength(group.names.length);
  return [
    found?.map(({ names, destination }) => `${names.join('|')} @ ${destination?.country ?? '?'}`) ?? null,
    cursor.masked.text.slice(cursor.at),
  ];
}

describe('named entries with their destinations', () => {
  it.each<[string, string[], string]>([
    ['the entry for “A” under IRAN, and', ['A @ IR'], ', and'],
    ['the entries for “A” and “B” under IRAN and for “C” under CHINA.', ['A|B @ IR', 'C @ CN'], '.'],
    ['the entry for “A” under IRAN and the entry for “B” under CHINA', ['A @ IR', 'B @ CN'], ''],
    ['the entry for “A” under IRAN and to the entry for “B” under CHINA', ['A @ IR', 'B @ CN'], ''],
    ['under the destination of IRAN, an entry for “A”; and under CHINA, “C”', ['A @ IR', 'C @ CN'], ''],
    ['under IRAN the entry for “A”, under CHINA', ['A @ IR'], ', under ⟦p1⟧'],
    ['the entity “A” (listed under IRAN) and the entity “B” (under CHINA).', ['A @ IR', 'B @ CN'], '.'],
    ['the entry for “A” in the destination of CHINA, “B” in IRAN; “C”', ['A @ CN', 'B @ IR', 'C @ ?'], ''],
    ['two existing entries for “A” and “B”, currently under IRAN', ['A|B @ IR'], ''],
    ['the entry for “A” from IRAN to CHINA', ['A @ IR'], ' to ⟦p1⟧'],
    ['the entries for “A” and also the entries for “B”', ['A|B @ ?'], ''],
    ['for the entity “A” under Atlantis', ['A @ ?'], ' under Atlantis'],
    ['of the entity “A”, which', ['A @ ?'], ', which'],
    ['the entry for “A” and adding “B”', ['A @ ?'], ' and adding ⟦q1⟧'],
    // The comma of American print stands inside the quotation, and separates.
    ['the entries for “A,” “B,” and “C”', ['A|B|C @ ?'], ''],
    ['the entries for “A” “B”', ['A @ ?'], '⟦q1⟧'],
    ['the entries for “A, Ltd” “B”', ['A, Ltd @ ?'], '⟦q1⟧'],
  ])('%s', (text, groups, left) => {
    expect(targets(text)).toEqual([groups, left]);
  });

  it.each([
    '“A” under IRAN',
    'under IRAN',
    'the entry under IRAN',
    'the entry for “,”',
    'to “A” and to “B”',
    'their name',
    '',
  ])('are none where nothing is called an entry: %s', (text) => {
    expect(targets(text)).toEqual([null, maskParagraph(text).text]);
  });

  it('need not be called entries where the words before say so', () => {
    expect(targets('“A” under IRAN', true)).toEqual([['A @ IR'], '']);
    expect(targets('to “A” and to “B” under IRAN and “C”', true)).toEqual([['A|B @ IR', 'C @ ?'], '']);
  });
});

it.each<[string, string | null, string]>([
  [' under IRAN) and', 'IR', ' and'],
  [' (currently listed under the IRAN), x', 'IR', ', x'],
  ['under the country heading of IRAN', 'IR', ''],
  [' within the countries of IRAN; x)', 'IR', '; x)'],
  ['under Atlantis', null, 'under Atlantis'],
  ['behind IRAN', null, 'behind ⟦p0⟧'],
])('where entries stand is said by: %s', (text, country, left) => {
  const cursor = cursorAt(text);
  expect(eatWhere(cursor)?.destination.country ?? null).toBe(country);
  expect(cursor.masked.text.slice(cursor.at)).toBe(left);
});

it('the words before a name call it an entry', () => {
  for (const text of ['the two existing entries for “A”', 'each entity named “A”', 'listing of “A”'])
    expect(eatEntryWords(cursorAt(text)), text).toBe(true);
  for (const text of ['the name “A”', 'enterprises “A”'])
    expect(eatEntryWords(cursorAt(text)), text).toBe(false);
});

describe('an order for entries in two places', () => {
  const read = (text: string) => {
    const reader = createInstructionReader();
    reader.read(`2. Amend supplement no. 4 to part 744 by ${text}`, '744');
    reader.finish();
    return {
      orders: reader.orders.map(({ destination, names }) => `${names.join('|')} @ ${destination.country}`),
      issues: reader.issues.map(({ code, message, excerpt }) => [code, message, excerpt].join(': ')),
    };
  };

  it.each([
    'adding the alias “X” to the entries for “A” under IRAN and for “C” under CHINA.',
    'adding the alias “X” to the entry for “A” under IRAN and to the entry for “C” under CHINA.',
    'removing, from the entries for “A” under IRAN and for “C” under CHINA, the alias “X”.',
  ])('is one for each: %s', (text) => {
    expect(read(text)).toEqual({ orders: ['A @ IR', 'C @ CN'], issues: [] });
  });

  it('is held where nothing is said of the second', () => {
    const text = 'adding the alias “X” to the entry for “A” under IRAN; and in the entry for “C” under CHINA';
    expect(read(`${text}.`)).toEqual({
      orders: ['A @ IR'],
      issues: ['verb-missing: entries are named without a verb: C'],
    });
    expect(read(`${text}, by removing the alias “Y”.`)).toEqual({
      orders: ['A @ IR', 'C @ CN'],
      issues: [],
    });
    expect(read(`${text}:`).issues).toEqual([]);
  });
});
