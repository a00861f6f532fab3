import { describe, expect, it } from 'vitest';
import type { ListName } from '../../src/model.ts';
import { isAboutUflpa, readListTarget, readNamedLists, withoutUflpaList } from '../../src/parse/target.ts';

describe('the list that an instruction is about', () => {
  it.each<[string, ListName | null | undefined]>([
    ['Supplement No. 4 to part 744 is amended', 'entity-list'],
    ['Amend supplement no. 6 to 15 CFR part 744', 'unverified-list'],
    ['Amend supplement number 7 to part 744', 'military-end-user-list'],
    ['Supplement No. 4 is amended', 'entity-list'],
    ['Supplement No. 5 to part 744 is amended', null],
    ['Supplement No. 4 to part 746 is amended', null],
    ['Section 744.11 is amended', undefined],
  ])('%s: %s', (text, list) => {
    expect(readListTarget(text)).toBe(list);
  });
});

describe('the lists that a text names', () => {
  it.each<[string, ListName[]]>([
    ['additions to the Entity List and the Unverified List', ['unverified-list', 'entity-list']],
    ['the Military End User (MEU) List', ['military-end-user-list']],
    ['supplements no. 4 to part 744 and supplement no. 6 to part 744', ['entity-list', 'unverified-list']],
    ['supplement no. 7, and the Entity List in supplement no. 4', ['entity-list', 'military-end-user-list']],
    ['supplement no. 4 to part 746, supplement no. 1 to part 744', []],
    ['the Commerce Country Chart', []],
  ])('%s', (text, lists) => {
    expect(readNamedLists(text)).toEqual(lists);
  });
});

// Another department keeps the UFLPA Entity List (sources, §4.9).
describe('a document about the UFLPA Entity List', () => {
  it('says so in its title', () => {
    expect(isAboutUflpa('Notice Regarding the UFLPA Entity List', 'The Entity List is amended.')).toBe(true);
    expect(isAboutUflpa('Additions to the Entity List', 'The Entity List is amended.')).toBe(false);
  });

  it('names no list beside it', () => {
    const title = 'Additions of Entities';
    expect(isAboutUflpa(title, 'This rule amends the UFLPA Entity List.')).toBe(true);
    expect(isAboutUflpa(title, 'Under the Uyghur Forced Labor Prevention Act two entities are added.')).toBe(
      true,
    );
    expect(isAboutUflpa(title, 'Some are on the UFLPA Entity List, too; the Entity List is amended.')).toBe(
      false,
    );
    expect(isAboutUflpa(title, 'This rule amends part 748.')).toBe(false);
  });

  it('is left out of a text word by word', () => {
    expect(
      withoutUflpaList(
        'the UFLPA Entity List, the Uyghur Forced Labor Prevention Act (UFLPA) Entity List and the Entity List',
      ),
    ).toBe('the  , the   and the Entity List');
  });
});
