import { describe, expect, it } from 'vitest';
import { createInstructionReader } from '../../src/parse/instruction.ts';

function read(...paragraphs: string[]) {
  const reader = createInstructionReader();
  for (const paragraph of paragraphs) reader.read(paragraph, '744');
  reader.finish();
  return {
    orders: reader.orders.map(
      ({ list, action, destination, names, count }) =>
        `${list}: ${action} ${destination.country} ${names.length > 0 ? names.join('|') : count}`,
    ),
    holds: reader.issues.filter(({ holds }) => holds).map(({ code }) => code),
  };
}

const OF_FOUR = 'Supplement no. 4 to part 744 is amended by';

describe('an instruction that names several supplements', () => {
  it('is read each for its own list, in one paragraph and below a common head', () => {
    const expected = {
      orders: ['entity-list: remove IR X', 'military-end-user-list: add CN Y'],
      holds: [],
    };
    const [first, second] = ['by removing, under IRAN, “X”', 'by adding, under CHINA, “Y”.'];
    expect(
      read(
        `2. Supplement no. 4 to part 744 is amended ${first}, and supplement no. 7 to part 744 is amended ${second}`,
      ),
    ).toEqual(expected);
    expect(
      read(`2. Supplement no. 4 to part 744 is amended ${first}; and in supplement no. 7, ${second}`),
    ).toEqual(expected);
    expect(
      read(
        '2. Supplements no. 4 and 7 to part 744 are amended:',
        `a. In supplement no. 4, ${first}; and`,
        `b. In supplement no. 7, ${second}`,
      ),
    ).toEqual(expected);
    expect(
      read(
        `2. ${OF_FOUR} adding, under IRAN, two entities; and supplement no. 6 by removing, under CHINA, three entities.`,
      ),
    ).toEqual({ orders: ['entity-list: add IR 2', 'unverified-list: remove CN 3'], holds: [] });
  });

  it('is read where an order stands directly behind a supplement, or in front of it', () => {
    const expected = {
      orders: ['entity-list: remove IR X', 'military-end-user-list: remove CN Y'],
      holds: [],
    };
    expect(
      read(
        '2. In supplement no. 4 to part 744, remove, under IRAN, “X”, and in supplement no. 7 to part 744, remove, under CHINA, “Y”.',
      ),
    ).toEqual(expected);
    expect(
      read(
        `2. ${OF_FOUR} removing, under IRAN, “X”; and by removing from supplement no. 7, under CHINA, “Y”.`,
      ),
    ).toEqual(expected);
    expect(
      read(
        '2. Supplements no. 4 and 7 to part 744 are amended:',
        'a. In supplement no. 4:',
        'i. By removing, under IRAN, “X”; and',
        'b. In supplement no. 7, by removing, under CHINA, “Y”.',
      ),
    ).toEqual(expected);
  });

  it.each([
    [`${OF_FOUR} removing, under IRAN, the entry for “X” from supplement no. 7 and the entry for “Y”.`],
    [`${OF_FOUR} removing two entities under IRAN from supplement no. 7.`],
    [`${OF_FOUR} removing two entities under IRAN from supplement no. 7, “A” and “B”.`],
    [`${OF_FOUR} removing, under CHINA, “X” and “Y”, and from supplement no. 7, under IRAN, “Z”.`],
    [
      'In supplement no. 4 to part 744, under IRAN, remove “X”; in supplement no. 7 to part 744, under CHINA, remove “Y”.',
    ],
    [
      'Part 744 is amended by adding, under CHINA, to supplement no. 4 the entry for “X” and to supplement no. 7 the entry for “Y”.',
    ],
    [
      'Part 744 is amended by removing, under IRAN, “X” from supplement no. 4 to part 744 and “Y” from supplement no. 7 to part 744.',
    ],
    [
      'Supplement no. 4 to part 744 and supplement no. 7 to part 744 are amended by removing, under IRAN, “X”.',
    ],
    [`${OF_FOUR} adding, under IRAN, “X”, as in supplement no. 7.`],
  ])('is held where it could be either list of which something is said: “%s”', (paragraph) => {
    expect(read(`2. ${paragraph}`).holds).toContain('several-targets');
  });

  it.each([
    'Supplement no. 4 to part 744 and supplement no. 7 to part 744 are amended:',
    `${OF_FOUR} removing, under IRAN, “X”; and supplement no. 7 to part 744 is amended:`,
    `${OF_FOUR} removing, under IRAN, “X”; and in supplement no. 7:`,
  ])('is held where the paragraphs below would be read for the first: “%s”', (head) => {
    expect(read(`2. ${head}`, 'a. By adding, under CHINA, “Y”.').holds).toContain('several-targets');
  });

  it('takes no destination over from one list to the other', () => {
    for (const paragraph of [
      `${OF_FOUR} removing, under IRAN, “X”, and supplement no. 7 by adding “Y”.`,
      'Supplement no. 4 to part 744 is amended under CHINA by adding “X”; and supplement no. 7 by removing “Y”.',
    ])
      expect(read(`2. ${paragraph}`).holds).toContain('destination-missing');
  });

  it('takes its own named again for nothing new', () => {
    for (const again of ['as listed in supplement no. 4 to part 744', 'to supplement no. 4'])
      expect(read(`2. ${OF_FOUR} adding, under IRAN, “X” ${again}.`).orders).toEqual([
        'entity-list: add IR X',
      ]);
  });

  it('is held where one stands behind entries that were read for another', () => {
    expect(
      read(
        '2. Part 744 is amended by removing the entry for “X” under IRAN from supplement no. 4 and the entry for “Y” under CHINA from supplement no. 7.',
      ).holds,
    ).toEqual(['several-targets']);
  });

  it('is held where one of another part is named, whose entries would be read for our list', () => {
    for (const other of ['supplement no. 7 to part 748', 'supplements no. 4 and 7 to part 744'])
      expect(
        read(`2. ${OF_FOUR} removing, under IRAN, “X”, and ${other} by adding, under CHINA, “Y”.`).holds,
      ).toContain('several-targets');
  });

  it('is held where nothing says which of two it is about', () => {
    expect(read('2. Supplements no. 4 and 7 to part 744 are amended by removing, under IRAN, “X”.')).toEqual({
      orders: [],
      holds: ['several-targets'],
    });
  });
});
