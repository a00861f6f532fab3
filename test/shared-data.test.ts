import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { applyAmendments } from '../src/list/apply.ts';
import { takeStep } from '../src/list/history.ts';
import { indexEntries } from '../src/list/resolve.ts';
import { verifyRule } from '../src/list/verify.ts';
import type { Amendment, ListName } from '../src/model.ts';
import { readHead } from '../src/parse/head.ts';
import { readRule } from '../src/parse/rule.ts';
import { readStated } from '../src/parse/stated.ts';
import { readSupplement } from '../src/parse/supplement.ts';
import { admitXml } from '../src/parse/xml.ts';
import { readBaseline, readFixtureRule, SHARED_DATA } from './helpers/fixtures.ts';
import { STATED_BY_HAND } from './parse/stated-by-hand.ts';

interface Listed {
  name: string;
  aliases: string[];
  destination: string;
  address: string | null;
  citations: string[];
}

if (SHARED_DATA === null) console.info('shared-data: ../shared/data is not here, so its tests are skipped');
const data = (path: string) => readFileSync(`${SHARED_DATA}${path}`);
const json = (path: string) => JSON.parse(data(path).toString()) as unknown;

/** Print variants that count as the same: final stops, runs of white space. */
const plain = (text: string) => text.replace(/[.\s]+$/u, '').replace(/\s+/gu, ' ');
const addressesOf = (listed: Listed) =>
  plain((listed.address ?? '').replace(/\(See alternate[^)]*\)\.?/u, '').trim())
    .split(/; and /u)
    .map(plain)
    .filter((address) => address !== '');

describe.skipIf(SHARED_DATA === null)('the data of public record', () => {
  const listed = () => (json('entity-list-2026-07-09.json') as { entries: Listed[] }).entries;

  it.each([
    ['2025-05426', 14035, { add: 70, revise: 4 }],
    ['2025-05427', 14048, { add: 12, revise: 0 }],
  ] as const)('%s is verified, with every entry, alias and address as listed', (number, page, counts) => {
    const facts = listed();
    for (const rule of [
      readRule(
        admitXml(data(`federal-register/${number}.xml`)),
        readHead(json(`federal-register/${number}.json`)),
      ),
      readFixtureRule(number),
    ]) {
      expect(verifyRule(rule, null).verdict).toBe('verified');
      for (const action of ['add', 'revise'] as const)
        expect(rule.amendments.filter((amendment) => amendment.action === action)).toHaveLength(
          counts[action],
        );
      for (const amendment of rule.amendments) {
        const fitting = facts.filter(
          (fact) =>
            plain(fact.name) === plain(amendment.name) &&
            amendment.destination.toLowerCase().startsWith(fact.destination.toLowerCase()) &&
            (amendment.action === 'revise' ||
              fact.citations.some((citation) => citation.includes(`90 FR ${page}`))),
        );
        expect(fitting, amendment.name).toHaveLength(1);
        expect(amendment.aliases.map(plain)).toEqual(fitting[0]!.aliases.map(plain));
        expect(amendment.addresses.map(plain)).toEqual(addressesOf(fitting[0]!));
        expect(amendment.citations.at(-1)).toEqual({ volume: 90, page, on: '2025-03-28' });
      }
    }
  });

  it.each(['FR-2016-04-15', 'FR-2024-02-12'])('the whole issue %s is read without an amendment', (issue) => {
    const xml = admitXml(data(`federal-register/${issue}.xml`));
    expect(xml.rules.length).toBeGreaterThan(5);
    for (const at of xml.rules.keys()) {
      const rule = readRule(xml, null, at);
      expect(rule.document.number).not.toBe('unknown');
      expect({ lists: rule.lists, amendments: rule.amendments, issues: rule.issues }).toEqual({
        lists: [],
        amendments: [],
        issues: [],
      });
    }
  });

  const documents =
    SHARED_DATA === null
      ? []
      : (json('federal-register/bis-documents.json') as {
          number: string;
          title: string;
          abstract: string;
        }[]);
  it('holds 81 documents, all of them read by hand', () => {
    expect(documents.map((document) => document.number).sort()).toEqual(Object.keys(STATED_BY_HAND).sort());
    expect(documents).toHaveLength(81);
  });

  it.each(documents)('$number states the counts that a person reads in it', ({ number, title, abstract }) => {
    const stated = readStated(abstract, title);
    const names: [ListName, string][] = [
      ['entity-list', 'EL'],
      ['unverified-list', 'UVL'],
      ['military-end-user-list', 'MEU'],
    ];
    const clauses = names.flatMap(([list, short]) =>
      (['add', 'revise', 'remove'] as const).flatMap((action) => {
        const count = stated[list]?.[action];
        if (!count) return [];
        const places = Object.entries(count.byDestination).map(([code, number]) => `${code}=${number}`);
        const bare = count.destinations ? [`in ${count.destinations.join(',')}`] : [];
        const figures = `${count.entities ?? '-'}/${count.entries ?? '-'}`;
        const part = count.partial ? ['in part'] : [];
        return [[short, action, figures, ...places.sort(), ...bare, ...part].join(' ')];
      }),
    );
    expect(clauses).toEqual(STATED_BY_HAND[number]);
  });

  it('reads the supplement of 2026-07-09: 3,409 entries with the names of the reference', () => {
    const supplement = readSupplement(admitXml(data('ecfr-part-744-2026-07-09.xml')));
    const facts = listed();
    const codes = new Map<string, number>();
    for (const { code } of supplement.issues) codes.set(code, (codes.get(code) ?? 0) + 1);
    expect(Object.fromEntries(codes)).toEqual(KNOWN_DOUBTS);
    expect(supplement.entries).toHaveLength(3409);
    expect(new Set(supplement.entries.map((entry) => entry.destination)).size).toBe(
      new Set(facts.map((fact) => fact.destination)).size,
    );
    expect(supplement.entries.every((entry) => entry.country !== null)).toBe(true);
    const different = supplement.entries
      .map((entry, at) => ({ found: plain(entry.name), listed: plain(beforeAliases(facts[at]!.name)) }))
      .filter(({ found, listed: name }) => found !== name);
    expect(different).toEqual(KNOWN_DIFFERENCES);
  });
});

/** The reference keeps "(a.k.a., …)" in 35 names, two of them cut at the stop of "a.k.a."; here they are aliases. */
const beforeAliases = (name: string) => name.replace(/\s?\((?:a|f)\.k\.a\b.*$/u, '');

/** Cells of the real list that nobody can read for certain, by the code of what is said about them. */
const KNOWN_DOUBTS = {
  // Names with a town behind them ("Huawei Suzhou OpenLab, Suzhou, China"), two closed cities with "(Address: …"
  // among their aliases, and "… Al Thuraya Tower 1, 9th Floor, …": kept whole (sources, §7, trap 14).
  'address-in-alias': 8,
  // Affiliates with addresses of their own among those of Huawei and of CETC 55, and a repeated "a.k.a,".
  'address-unclear': 6,
  // A semicolon within an item (sources, §7, trap 15).
  'alias-unclear': 8,
  // The institution of CETC 13 whose name went to another line (sources, §7, trap 7).
  'name-end': 1,
  'sub-entry': 2,
};

/** Names that the reference and this reader end at different places, each with the reason. */
const KNOWN_DIFFERENCES = [
  // The note is no part of the name; it is read into `seeAlso`.
  {
    found: 'Brian Douglas Woodford',
    listed: 'Brian Douglas Woodford (See alternate address under Singapore)',
  },
];

describe('the rules of March 2025 on the packaged baseline', () => {
  it('add 82 entries, 53 of them under China, and revise 4; the second reading changes nothing', () => {
    let entries = readBaseline();
    const before = entries.length;
    const changes = [];
    for (const number of ['2025-05426', '2025-05427']) {
      const rule = readFixtureRule(number);
      const { verdict, checks } = verifyRule(rule, indexEntries(entries));
      expect(verdict).toBe('verified');
      expect(
        checks
          .filter(({ name }) => name === 'targets-exist' || name === 'additions-are-new')
          .map((c) => c.status),
      ).toEqual(number === '2025-05426' ? ['pass', 'pass'] : ['pass']);
      const options = {
        effectiveOn: '2025-03-25',
        newId: (amendment: Amendment) => `${number} ${amendment.locator.row}`,
      };
      const applied = applyAmendments(entries, rule.amendments, options);
      changes.push(...applied);
      const list = new Map(entries.map((entry) => [entry.entryId, entry]));
      for (const change of applied) takeStep(list, change);
      entries = [...list.values()];
      expect(applyAmendments(entries, rule.amendments, options)).toEqual([]);
    }
    expect(entries.length - before).toBe(82);
    const added = changes.filter((change) => change.kind === 'added');
    expect(added).toHaveLength(82);
    expect(added.filter((change) => change.country === 'CN')).toHaveLength(53);
    const revised = changes.filter((change) => change.kind === 'revised');
    expect(revised.map((change) => change.country).sort()).toEqual(['FR', 'GB', 'IR', 'SN']);
    for (const change of revised) expect(change.fields).toContain('aliases');
    expect(changes).toHaveLength(86);
  });
});
