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

  it('takes one that stands behind names or a count for theirs, and goes on with its own', () => {
    expect(
      read(
        `2. ${OF_FOUR} removing, under IRAN, the entry for “X” from supplement no. 7 and the entry for “Y”.`,
      ),
    ).toEqual({ orders: ['military-end-user-list: remove IR X', 'entity-list: remove IR Y'], holds: [] });
    expect(read(`2. ${OF_FOUR} removing two entities under IRAN from supplement no. 7.`)).toEqual({
      orders: ['military-end-user-list: remove IR 2'],
      holds: [],
    });
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
