import { describe, expect, it } from 'vitest';
import type { StatedCount } from '../../src/model.ts';
import { compareStated, readStated } from '../../src/parse/stated.ts';
import { cpuMs } from '../helpers/cpu-ms.ts';

const read = (text: string) => readStated(text)['entity-list'];
const count = (
  entities: number | null,
  entries: number | null,
  byDestination: Record<string, number> = {},
  more: Partial<StatedCount> = {},
): StatedCount => ({ entities, entries, byDestination, ...more });

describe('stated counts', () => {
  it.each<[string, StatedCount]>([
    [
      'This rule adds three entities to the Entity List under four entries. The entries are: China (2), Korea, South (1), Burma (1).',
      count(3, 4, { CN: 2, KR: 1, MM: 1 }),
    ],
    [
      'BIS adds entities to the Entity List. Specifically, three entities are added under the destinations of China (2) and Russia (1).',
      count(3, null, { CN: 2, RU: 1 }),
    ],
    [
      'Three entities are being added to the Entity List under the destination of China (2) and Russia (1).',
      count(3, null, { CN: 2, RU: 1 }),
    ],
    [
      'BIS adds a dozen entities to the Entity List under China (11) and Taiwan (1).',
      count(12, null, { CN: 11, TW: 1 }),
    ],
    ['BIS adds two dozen entities to the Entity List.', count(24, null)],
    ['BIS adds half a dozen entities to the Entity List.', count(6, null)],
    [
      'BIS adds 91 new entities to the Entity List. Of the 91 entities, 81 are under Russia, 10 are located in the United Kingdom.',
      count(91, null, { RU: 81, GB: 10 }),
    ],
  ])('%s', (text, add) => {
    expect(read(text)).toEqual({ add, revise: null, remove: null });
  });

  it('lets "added", "removed", "revised" choose the clause', () => {
    const text =
      'This final rule adds 3 entities, under 3 entries, to the Entity List; revises 1 entry; and removes 2 entries.';
    expect(read(`${text} The 3 added entities are under Russia (2) and Crimea (1).`)).toEqual({
      add: count(3, 3, { RU: 2, 'UA-43': 1 }),
      revise: count(null, 1),
      remove: count(null, 2),
    });
    expect(read(`${text} The 2 removed entries are listed under Iran (2).`)?.remove).toEqual(
      count(null, 2, { IR: 2 }),
    );
  });

  it('takes two passives in one sentence for two clauses', () => {
    expect(
      read('Two entities are added to the Entity List under Iran, and one entity is removed under China.'),
    ).toEqual({ add: count(2, null, { IR: 2 }), revise: null, remove: count(1, null, { CN: 1 }) });
  });

  it.each([
    ' This rule is a follow-up to the rule adding 37 entities to the Entity List.',
    ' It follows a final rule that added 37 entities to the Entity List under Iran (37).',
    ' An earlier rule adding 37 entities to the Entity List stays in force.',
    ' BIS is continuing the interim rule published on May 3, 2024, adding 37 entities to the Entity List.',
    ' On February 3, 2022, BIS added 33 entities to the Entity List.',
  ])('does not count what another rule did:%s', (more) => {
    const text = 'BIS amends the EAR by adding 3 entities to the Entity List under China (2) and Russia (1).';
    expect(read(text + more)).toEqual({ add: count(3, null, { CN: 2, RU: 1 }), revise: null, remove: null });
  });

  it('still reads a rule that speaks of itself as "a rule"', () => {
    expect(read('BIS is issuing a final rule adding 3 entities to the Entity List.')?.add).toEqual(
      count(3, null),
    );
    expect(read('The rule also removes 2 entities from the Entity List.')?.remove).toEqual(count(2, null));
  });

  it('takes no count from history', () => {
    expect(
      read(
        'BIS adds 3 entities to the Entity List under China (2) and Russia (1), including two entities under Iran removed in 2020.',
      )?.add,
    ).toEqual(count(3, null, { CN: 2, RU: 1 }));
  });

  it('keeps destinations without a count, and says where the named ones are only a part', () => {
    expect(
      read('BIS removes two entities from the Entity List under the destinations of Germany and Hong Kong.')
        ?.remove,
    ).toEqual(count(2, null, {}, { destinations: ['DE', 'HK'] }));
    expect(read('BIS adds 12 entities to the Entity List, including two under Iran.')?.add).toEqual(
      count(12, null, { IR: 2 }, { partial: true }),
    );
    expect(read('BIS adds 12 entities to the Entity List, including entities under Iran.')?.add).toEqual(
      count(12, null, {}, { destinations: ['IR'], partial: true }),
    );
  });

  it('does not call a list in brackets that adds up wrongly a part', () => {
    expect(read('BIS adds three entities to the Entity List under China (1) and Russia (1).')?.add).toEqual(
      count(3, null, { CN: 1, RU: 1 }),
    );
  });
});

describe('hostile text', () => {
  it.each([
    'are ',
    'entity existing ',
    'the rule ',
    'the prior final ',
    ', including two removed ',
    'three entities ',
    'China (1), ',
    'adding two entities ',
    '; and one entity ',
    'under ',
    'existing entities ',
  ])('%j costs no more than its length', (piece) => {
    const read = (length: number) =>
      cpuMs(() => {
        readStated(`BIS adds 3 entities to the Entity List. ${piece.repeat(length / piece.length)}`);
        readStated(`Entity List ${piece.repeat(length / piece.length)}`);
      });
    read(12_500);
    // Four times the length: 4 where the cost grows with it, 16 where it grows with its square.
    expect(read(50_000)).toBeLessThan(10 * Math.max(20, read(12_500)));
  });
});

describe('two texts of one document', () => {
  const three = readStated('BIS adds three entities to the Entity List under China (2) and Russia (1).');

  it('are compared figure by figure', () => {
    expect(compareStated(three, three)).toEqual([]);
    expect(
      compareStated(
        three,
        readStated('BIS adds four entities to the Entity List under China (3) and Russia (1).'),
      ),
    ).toEqual([
      'additions to the entity-list: one text states 3 entities, the other 4.',
      'additions to the entity-list under CN: one text states 2, the other 3.',
    ]);
    expect(
      compareStated(three, readStated('BIS adds three entities to the Entity List under China and Iran.')),
    ).toEqual(['additions to the entity-list: one text names CN, RU, the other CN, IR.']);
    expect(compareStated(three, readStated('BIS removes one entity from the Entity List.'))).toHaveLength(2);
    expect(compareStated(three, readStated('BIS adds 5 entries to the Entity List.'))).toEqual([
      'additions to the entity-list: one text states 3, the other 5.',
    ]);
  });

  it('do not differ where one says less', () => {
    expect(compareStated(three, readStated('BIS amends the Entity List.'))).toEqual([]);
    expect(compareStated(three, readStated('BIS adds three entities to the Entity List.'))).toEqual([]);
    expect(compareStated({}, three)).toEqual([]);
  });
});
