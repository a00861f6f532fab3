import { describe, expect, it } from 'vitest';
import type { FilingReading, NamedEntry, Rule, StatedCount } from '../../src/model.ts';
import { compareReadings, compareWithFiling } from '../../src/parse/filing-differences.ts';
import { readFixtureRule } from '../helpers/fixtures.ts';

const NOTHING: FilingReading = {
  lists: ['entity-list'],
  stated: {},
  named: [],
  allNamed: false,
  effectiveOn: null,
  effectiveOnPublication: false,
  isDecoy: null,
  readable: true,
  issues: [],
};

const count = (entities: number | null, entries: number | null, more: Partial<StatedCount> = {}) => ({
  ...{ entities, entries, byDestination: {} },
  ...more,
});

/** A reading that states one count of additions to the Entity List, or of another verb. */
function stating(said: StatedCount | null, action: 'add' | 'revise' | 'remove' = 'add'): FilingReading {
  const stated = { add: null, revise: null, remove: null, [action]: said };
  return { ...NOTHING, stated: { 'entity-list': stated } };
}

const entry = (name: string, country: string | null = 'CN', action: NamedEntry['action'] = 'add') => ({
  ...{ list: 'entity-list' as const, action, name, country },
  destination: country === null ? null : 'CHINA',
});

const naming = (names: NamedEntry[], allNamed = true): FilingReading => ({
  ...NOTHING,
  named: names,
  allNamed,
});

describe('two texts of a filing', () => {
  it('differ in nothing where there was none before, or where both say the same', () => {
    const said = stating(count(3, 4, { byDestination: { CN: 4 } }));
    expect(compareReadings(null, said)).toEqual([]);
    expect(compareReadings(said, structuredClone(said))).toEqual([]);
  });

  it('differ in the lists that they speak of, either way', () => {
    const other: FilingReading = { ...NOTHING, lists: ['unverified-list'] };
    expect(compareReadings(NOTHING, other)).toEqual([
      'The filing spoke of the Entity List; its new text does not amend it.',
      'The filing did not speak of the Unverified List; its new text does.',
    ]);
    // What could not be read of the lists contradicts nothing.
    expect(compareReadings({ ...NOTHING, lists: [] }, other)).toEqual([]);
  });

  it('differ in a count, said with its verb and in the right number', () => {
    expect(compareReadings(stating(count(2, null)), stating(count(1, null)))).toEqual([
      'The filing stated 2 additions to the Entity List; its new text has 1.',
    ]);
    expect(compareReadings(stating(count(null, 1), 'remove'), stating(count(null, 2), 'remove'))).toEqual([
      'The filing stated 1 removal from the Entity List; its new text has 2.',
    ]);
    expect(compareReadings(stating(count(1, null), 'revise'), stating(count(5, null), 'revise'))).toEqual([
      'The filing stated 1 revision on the Entity List; its new text has 5.',
    ]);
    expect(compareReadings(stating(count(4, null), 'revise'), stating(null))).toEqual([
      'The filing stated 4 revisions on the Entity List; its new text has none.',
    ]);
  });

  it('differ in nothing where one of them gives no figure', () => {
    const none = stating(count(null, null, { byDestination: { CN: 1 } }));
    expect(compareReadings(none, stating(null))).toEqual([]);
    expect(compareReadings(none, stating(count(3, null)))).toEqual([]);
    expect(compareReadings(stating(count(3, null)), none)).toEqual([]);
    expect(compareReadings(stating(null), stating(count(3, null)))).toEqual([]);
  });

  it('are compared entities with entities and entries with entries, where both have them', () => {
    expect(compareReadings(stating(count(93, 95)), stating(count(93, null)))).toEqual([]);
    expect(compareReadings(stating(count(93, 95)), stating(count(null, 95)))).toEqual([]);
    expect(compareReadings(stating(count(93, 95)), stating(count(93, 96)))).toEqual([
      'The filing stated 95 additions to the Entity List; its new text has 96.',
    ]);
    expect(compareReadings(stating(count(93, 95)), stating(count(92, 95)))).toEqual([
      'The filing stated 93 additions to the Entity List; its new text has 92.',
    ]);
    // Where they have nothing in common, one figure is held against the other.
    expect(compareReadings(stating(count(93, null)), stating(count(null, 95)))).toEqual([
      'The filing stated 93 additions to the Entity List; its new text has 95.',
    ]);
    expect(compareReadings(stating(count(null, 93)), stating(count(93, null)))).toEqual([]);
  });

  it('differ in the count of a destination, which is called by its heading', () => {
    const before = stating(count(5, null, { byDestination: { IR: 1, CN: 4 } }));
    const after = stating(count(5, null, { byDestination: { IR: 2, CN: 3 } }));
    expect(compareReadings(before, after)).toEqual([
      "Under CHINA, PEOPLE'S REPUBLIC OF, the filing stated 4 additions to the Entity List; its new text has 3.",
      'Under IRAN, the filing stated 1 addition to the Entity List; its new text has 2.',
    ]);
    const strange = stating(count(1, null, { byDestination: { QQ: 1 } }));
    expect(compareReadings(strange, stating(count(1, null, { byDestination: { QQ: 3 } })))).toEqual([
      'Under QQ, the filing stated 1 addition to the Entity List; its new text has 3.',
    ]);
  });

  it('differ in a destination that only one of them has', () => {
    const one = stating(count(2, null, { byDestination: { CN: 2 } }));
    const two = stating(count(2, null, { byDestination: { CN: 2, IR: 1 } }));
    expect(compareReadings(one, two)).toEqual([
      'Under IRAN, the filing stated 0 additions to the Entity List; its new text has 1.',
    ]);
    expect(compareReadings(two, one)).toEqual([
      'Under IRAN, the filing stated 1 addition to the Entity List; its new text has 0.',
    ]);
  });

  it('differ in no destination that the other leaves open, names without a count, or where it counts none', () => {
    const two = count(2, null, { byDestination: { CN: 2, IR: 1 } });
    const one = count(2, null, { byDestination: { CN: 2 } });
    for (const other of [
      { ...one, partial: true },
      { ...one, destinations: ['IR'] },
      { ...one, byDestination: {} },
    ]) {
      expect(compareReadings(stating(other), stating(two))).toEqual([]);
      expect(compareReadings(stating(two), stating(other))).toEqual([]);
    }
    // What one leaves open or names excuses nothing that it counts itself.
    const open = { ...two, partial: true, destinations: ['CN'] };
    expect(compareReadings(stating(open), stating(one))).toEqual([
      'Under IRAN, the filing stated 1 addition to the Entity List; its new text has 0.',
    ]);
    expect(compareReadings(stating(one), stating(open))).toEqual([
      'Under IRAN, the filing stated 0 additions to the Entity List; its new text has 1.',
    ]);
    const fewer = count(2, null, { byDestination: { CN: 1, IR: 1 }, partial: true, destinations: ['CN'] });
    expect(compareReadings(stating(two), stating(fewer))).toEqual([
      "Under CHINA, PEOPLE'S REPUBLIC OF, the filing stated 2 additions to the Entity List; its new text has 1.",
    ]);
  });

  it('differ in names, where the side that lacks one names all of its own', () => {
    const before = naming([entry('Acme Optics'), entry('Zeta Works', null)]);
    const after = naming([entry('Acme Optics'), entry('Omega Labs', 'IR')]);
    expect(compareReadings(before, after)).toEqual([
      'Announced among the additions to the Entity List, and not in its new text: “Zeta Works”.',
      'Among the additions to the Entity List in its new text, and not announced: “Omega Labs” (IRAN).',
    ]);
    expect(compareReadings({ ...before, allNamed: false }, { ...after, allNamed: false })).toEqual([]);
  });

  it('pair names by how they are compared, by country and verb, each once', () => {
    const before = naming([entry('ACME  Optics'), entry('Twin'), entry('Twin')]);
    expect(compareReadings(before, naming([entry('Twin'), entry('Acme Optics'), entry('Twin')]))).toEqual([]);
    expect(compareReadings(before, naming([entry('Twin'), entry('Acme Optics')]))).toEqual([
      "Announced among the additions to the Entity List, and not in its new text: “Twin” (CHINA, PEOPLE'S REPUBLIC OF).",
    ]);
    expect(compareReadings(naming([entry('Acme')]), naming([entry('Acme', 'IR')]))).toHaveLength(2);
    expect(compareReadings(naming([entry('Acme')]), naming([entry('Acme', 'CN', 'remove')]))).toEqual([
      "Announced among the additions to the Entity List, and not in its new text: “Acme” (CHINA, PEOPLE'S REPUBLIC OF).",
      "Among the removals from the Entity List in its new text, and not announced: “Acme” (CHINA, PEOPLE'S REPUBLIC OF).",
    ]);
  });

  it('pair a name that was cut, or goes on, by its beginning, in its own country', () => {
    const [cut, whole] = [entry('Acme Optics'), entry('Acme Optics and Lasers Co.')];
    expect(compareReadings(naming([cut]), naming([whole]))).toEqual([]);
    expect(compareReadings(naming([whole]), naming([cut]))).toEqual([]);
    expect(compareReadings(naming([cut]), naming([{ ...whole, country: 'IR' }]))).toHaveLength(2);
    // One long name is the like of one short one only.
    expect(compareReadings(naming([cut, entry('Acme')]), naming([whole]))).toHaveLength(1);
  });

  it('list at most forty names, and say how many more there are', () => {
    const many = Array.from({ length: 41 }, (_none, at) => entry(`Works No. ${at + 1}`));
    const [said] = compareReadings(naming([]), naming(many));
    expect(said).toContain('“Works No. 40”');
    expect(said).not.toContain('“Works No. 41”');
    expect(said).toMatch(/ and 1 more\.$/u);
    const [exact] = compareReadings(naming([]), naming(many.slice(0, 40)));
    expect(exact).not.toContain('more');
  });

  it('differ in the day of effect, where both say one', () => {
    const on = (effectiveOn: string | null) => ({ ...NOTHING, effectiveOn });
    expect(compareReadings(on('2025-03-25'), on('2025-03-26'))).toEqual([
      'The filing was to take effect on 2025-03-25; its new text takes effect on 2025-03-26.',
    ]);
    expect(compareReadings(on(null), on('2025-03-26'))).toEqual([]);
    expect(compareReadings(on('2025-03-25'), on(null))).toEqual([]);
  });

  it('differ in whether they take effect on publication, where nothing else is said of the day', () => {
    const published = { ...NOTHING, effectiveOnPublication: true };
    expect(compareReadings(NOTHING, published)).toEqual([
      'It now takes effect on the day of its publication.',
    ]);
    expect(compareReadings(published, NOTHING)).toEqual([
      'It no longer takes effect on the day of its publication.',
    ]);
    expect(compareReadings(published, { ...NOTHING, effectiveOn: '2025-04-01' })).toEqual([
      'It no longer takes effect on the day of its publication, but on 2025-04-01.',
    ]);
  });
});

describe('a published rule', () => {
  const rule = readFixtureRule('2025-05427');

  it('is compared by its rows where it states nothing', () => {
    const silent: Rule = { ...rule, stated: {} };
    const filing = stating(count(null, 12, { byDestination: { CN: 11, TW: 1 } }));
    expect(compareWithFiling(filing, silent)).toEqual([]);
    expect(compareWithFiling(stating(count(null, 12, { byDestination: { CN: 10, TW: 2 } })), silent)).toEqual(
      [
        "Under CHINA, PEOPLE'S REPUBLIC OF, the filing stated 10 additions to the Entity List; the published rule has 11.",
        'Under TAIWAN, the filing stated 2 additions to the Entity List; the published rule has 1.',
      ],
    );
    expect(compareWithFiling(stating(count(2, null), 'remove'), silent)).toEqual([
      'The filing stated 2 removals from the Entity List; the published rule has none.',
    ]);
  });

  it('takes effect on the day of its publication where the filing said so', () => {
    const { publishedOn } = rule.document;
    const on = (effectiveOn: string): Rule => ({ ...rule, document: { ...rule.document, effectiveOn } });
    const filing = { ...NOTHING, effectiveOnPublication: true };
    expect(compareWithFiling(filing, on(publishedOn!))).toEqual([]);
    expect(compareWithFiling(filing, on('2025-04-30'))).toEqual([
      `The filing was to take effect on ${publishedOn}; the published rule takes effect on 2025-04-30.`,
    ]);
    expect(compareWithFiling(null, rule)).toEqual([]);
  });
});
