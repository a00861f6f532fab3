import { readdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { foldName } from '../src/fold.ts';
import { applyAmendments } from '../src/list/apply.ts';
import { correctChanges } from '../src/list/correct.ts';
import { takeStep } from '../src/list/history.ts';
import { planAmendments } from '../src/list/plan.ts';
import { reconcileEntries } from '../src/list/reconcile.ts';
import { indexPages, type PageRange } from '../src/list/reconcile-tolerance.ts';
import { findTargets, indexEntries } from '../src/list/resolve.ts';
import { stepsBetween } from '../src/list/steps-between.ts';
import { verifyRule } from '../src/list/verify.ts';
import type {
  Amendment,
  Change,
  ChangeKind,
  Citation,
  Entry,
  EntryText,
  Issue,
  PlacedEntry,
  Rule,
  StoredChange,
  Verdict,
} from '../src/model.ts';
import { readRule } from '../src/parse/rule.ts';
import { readSupplement, type Supplement } from '../src/parse/supplement.ts';
import { admitXml } from '../src/parse/xml.ts';
import { fixturePath, readFixture, withIds } from './helpers/fixtures.ts';

/** An entry as a person reads it in the source; what is left out is empty, citations and requirement unasked. */
interface WantedEntry {
  under: string;
  name: string;
  aliases?: string[];
  addresses: string[];
  seeAlso?: string[];
  footnotes?: number[];
  /** As "89 FR 51652, 2024-06-18". */
  citations?: string[];
  requirement?: string;
}

interface WantedChange {
  kind: ChangeKind;
  under: string;
  name: string;
  fields?: string[];
  movedFrom?: string;
  /** Name of the entry of the list whose id the change must have. */
  sameAs?: string;
  before?: Partial<EntryText>;
  after?: Partial<EntryText>;
}

interface WantedRule {
  verdict: Verdict;
  /** Codes of the issues that hold it, and of those that do not. */
  held?: string[];
  noted?: string[];
  /** Names of the failed checks; of `targets-exist` with the code of what is wrong. */
  failed?: string[];
  amendments?: Partial<Amendment>[];
  /** True where the same words would find something else to do on the list that they left. */
  once?: boolean;
  changes?: WantedChange[];
}

/** `expected.json` of a trap: what the reading must be, written by hand. */
interface Trap {
  sentence: string;
  why: string;
  list: { entries: WantedEntry[]; held?: string[]; noted?: string[]; reserved?: string[] };
  rules?: Record<string, WantedRule>;
  /** Pages of documents that the citations may be of. */
  documents?: PageRange[];
  compare?: { with: string; found: { kind: string; under: string; name: string; fields: string[] }[] };
}

const FOLDERS = readdirSync(fixturePath('traps')).sort();
const TRAPS = FOLDERS.map((folder) => ({
  folder,
  number: Number(folder.slice(0, 2)),
  ...(JSON.parse(readFixture(`traps/${folder}/expected.json`).toString()) as Trap),
}));
const ON = '2034-03-06';

function folderOf(number: number): string {
  return FOLDERS.find((folder) => Number(folder.slice(0, 2)) === number)!;
}
function readList(folder: string, file = 'list.xml'): Supplement {
  return readSupplement(admitXml(readFixture(`traps/${folder}/${file}`)));
}
function readTrapRule(folder: string, file: string): Rule {
  return readRule(admitXml(readFixture(`traps/${folder}/${file}`)), null);
}

const codesOf = (issues: readonly Issue[], holds: boolean) =>
  issues.filter((issue) => issue.holds === holds).map(({ code }) => code);
const cite = ({ volume, page, on }: Citation) => `${volume} FR ${page}, ${on}`;

/** What is asked of an entry, in the shape of what is wanted of it. */
function shown(entry: PlacedEntry, wanted: WantedEntry | undefined): Required<WantedEntry> {
  const { destination: under, name, aliases, addresses, seeAlso, footnotes } = entry;
  return {
    under,
    name,
    aliases,
    addresses,
    seeAlso,
    footnotes,
    citations: wanted?.citations ? entry.citations.map(cite) : [],
    requirement: wanted?.requirement === undefined ? '' : entry.licenseRequirement,
  };
}
function asWanted(entry: WantedEntry): Required<WantedEntry> {
  return { aliases: [], seeAlso: [], footnotes: [], citations: [], requirement: '', ...entry };
}

function changesOf(list: readonly Entry[], amendments: readonly Amendment[]): Change[] {
  return applyAmendments(list, amendments, {
    effectiveOn: ON,
    newId: ({ name, destination }) => `new ${destination} ${name}`,
  });
}
function stateAfter(list: readonly Entry[], changes: readonly Change[]): Entry[] {
  const state = new Map(list.map((entry) => [entry.entryId, entry]));
  for (const change of changes) takeStep(state, change);
  return [...state.values()];
}

/** Verifies and, where nothing fails, applies one rule of a trap to the trap's list. */
function checkRule(folder: string, file: string, wanted: WantedRule, list: readonly Entry[]): void {
  const rule = readTrapRule(folder, file);
  const index = indexEntries(list);
  const { verdict, checks } = verifyRule(rule, index);
  const failed = checks.filter(({ status }) => status === 'fail');
  const found = {
    verdict,
    held: codesOf(rule.issues, true),
    noted: codesOf(rule.issues, false),
    failed: failed.map(({ name, message }) =>
      name === 'targets-exist' ? `${name} ${message.split(':')[0]}` : name,
    ),
  };
  const held = wanted.held ?? [];
  expect(found, file).toEqual({
    verdict: wanted.verdict,
    held,
    noted: wanted.noted ?? [],
    failed: wanted.failed ?? (held.length > 0 ? ['nothing-unread'] : []),
  });
  if (wanted.amendments)
    expect(
      rule.amendments.map((amendment, at) => {
        const asked = Object.keys(wanted.amendments?.[at] ?? amendment) as (keyof Amendment)[];
        return Object.fromEntries(asked.map((key) => [key, amendment[key]]));
      }),
      file,
    ).toEqual(wanted.amendments);
  if (wanted.changes === undefined) return;
  const changes = changesOf(list, rule.amendments);
  expect(
    changes.map(({ kind, destination, name }) => `${kind} ${destination} ${name}`),
    file,
  ).toEqual(wanted.changes.map(({ kind, under, name }) => `${kind} ${under} ${name}`));
  for (const [at, { fields, movedFrom, sameAs, ...texts }] of wanted.changes.entries()) {
    const change = changes[at]!;
    if (fields) expect(change.fields, change.name).toEqual(fields);
    if (movedFrom) expect(change.movedFrom?.destination).toBe(movedFrom);
    if (sameAs) expect(change.entryId).toBe(list.find(({ name }) => name === sameAs)!.entryId);
    if (texts.before) expect(change.before).toMatchObject(texts.before);
    if (texts.after) expect(change.after).toMatchObject(texts.after);
  }
  // Whatever a rule did, it does once: a second time it finds nothing to do, or not what it speaks of.
  if (!wanted.once) expect(changesAgain(stateAfter(list, changes), rule.amendments), file).toEqual([]);
}

function changesAgain(list: readonly Entry[], amendments: readonly Amendment[]): Change[] {
  const { problems } = planAmendments(indexEntries(list), amendments);
  if (problems.length === 0) return changesOf(list, amendments);
  for (const { code } of problems) expect(['target-absent', 'part-absent', 'already-listed']).toContain(code);
  return [];
}

describe('the 27 traps of sources, §7', () => {
  it('have a folder each, with a sentence and the reason', () => {
    expect(TRAPS.map(({ number }) => number)).toEqual(Array.from({ length: 27 }, (_, at) => at + 1));
    for (const { sentence, why } of TRAPS) {
      expect(sentence).toMatch(/^\S.{20,}[^.]$/u);
      expect(why).toMatch(/\.\)?$/u);
    }
  });

  it.each(TRAPS)('trap $number: $sentence', ({ folder, list, rules = {}, documents = [], compare }) => {
    const read = readList(folder);
    expect(read.entries.map((entry, at) => shown(entry, list.entries[at]))).toEqual(
      list.entries.map(asWanted),
    );
    expect({
      held: codesOf(read.issues, true),
      noted: codesOf(read.issues, false),
      reserved: read.reserved,
    }).toEqual({ held: list.held ?? [], noted: list.noted ?? [], reserved: list.reserved ?? [] });

    const entries = withIds(read.entries);
    for (const [file, wanted] of Object.entries(rules)) checkRule(folder, file, wanted, entries);
    // No order of print is relied on (trap 4), and no pair of equal names is mistaken (trap 6).
    expect(reconcileEntries(entries, [...read.entries].reverse(), indexPages(documents))).toEqual([]);
    if (!compare) return;
    const theirs = readList(folder, compare.with).entries;
    expect(
      reconcileEntries(entries, theirs, indexPages(documents)).map(({ kind, ours, fields }) => ({
        kind,
        under: ours?.destination,
        name: ours?.name,
        fields,
      })),
    ).toEqual(compare.found);
  });
});

describe('what the traps demand of the list', () => {
  it('trap 6: what is held is not applied either', () => {
    const folder = folderOf(6);
    const list = withIds(readList(folder).entries);
    const { amendments } = readTrapRule(folder, 'rule-remove-by-name.xml');
    expect(findTargets(indexEntries(list), amendments[0]!)).toHaveLength(2);
    expect(() => changesOf(list, amendments)).toThrow(/target-ambiguous/u);
  });

  it('trap 6: the namesake that is left is not taken for the one that is gone', () => {
    const folder = folderOf(6);
    const list = withIds(readList(folder).entries);
    const { amendments } = readTrapRule(folder, 'rule-remove-with-alias.xml');
    const left = stateAfter(list, changesOf(list, amendments));
    expect(left.filter(({ name }) => name === 'Wong Yung Fai')).toHaveLength(1);
    expect(findTargets(indexEntries(left), amendments[0]!)).toEqual([]);
    // Quoted with what neither of the two has, the name says no more than by itself.
    const neither = { ...amendments[0]!, aliases: ['Somebody Else'] };
    expect(findTargets(indexEntries(list), neither)).toHaveLength(2);
  });

  it('trap 16: the two separators give the same two addresses', () => {
    const twins = readList(folderOf(16)).entries.filter(({ name }) => name.endsWith('Ghoura'));
    expect(twins).toHaveLength(2);
    expect(twins[0]!.addresses).toEqual(twins[1]!.addresses);
  });

  it('trap 19: the key of an entry is Latin, and its text is Cyrillic still', () => {
    const [detail] = readList(folderOf(19)).entries;
    const printed = detail!.aliases[1]!;
    expect(foldName(printed)).toBe(foldName('Shenzhen Ditai Technology Co., Ltd.'));
    expect([...printed].filter((letter) => /\p{Script=Cyrillic}/u.test(letter))).toEqual(['С', 'о']);
    expect([...detail!.addresses[0]!].filter((letter) => /\p{Script=Cyrillic}/u.test(letter))).toEqual([
      'Н',
      'о',
    ]);
  });

  it('trap 19: two names that a small l and an i would join are held', () => {
    const list = withIds(readList(folderOf(19)).entries);
    const [, yildiz] = list;
    const rival = { ...yildiz!, entryId: 'rival', name: yildiz!.name.replace('lthalat', 'Ithalat') };
    const wanted = { ...yildiz!, name: yildiz!.name.replace('lthalat', 'İthalat') };
    expect(findTargets(indexEntries(list), wanted)).toEqual([yildiz]);
    // Spelled so, it is the rival's name to the letter; spelled in a third way, it is anybody's.
    expect(findTargets(indexEntries([...list, rival]), wanted)).toEqual([rival]);
    const third = { ...wanted, name: yildiz!.name.replace('lthalat', 'lthaIat') };
    expect(findTargets(indexEntries([...list, rival]), third)).toHaveLength(2);
  });

  it('trap 19: names that are alike to a machine only are not alike', () => {
    const list = withIds(readList(folderOf(19)).entries);
    const all = { ...list[0]!, name: 'All Trading' };
    for (const name of ['Ali Trading', 'ALI TRADING', 'All Tradlng'])
      expect(findTargets(indexEntries([all]), { ...all, name })).toEqual([]);
    expect(findTargets(indexEntries([all]), { ...all, name: 'AIl Trading' })).toEqual([all]);
  });

  it('trap 20: one Turkish letter is one letter of the key, in either case', () => {
    for (const [printed, plain] of [
      ['Kamara İç Kapı', 'KAMARA IC KAPI'],
      ['Şişli', 'sisli'],
      ['Yıldız Dağı', 'YILDIZ DAGI'],
      ['GÖKÇE ÜRETİM', 'gokce uretim'],
    ] as const)
      expect(foldName(printed)).toBe(foldName(plain));
  });

  it('trap 25: two additions that say one former name begin anew', () => {
    const folder = folderOf(25);
    const list = withIds(readList(folder).entries);
    const { amendments } = readTrapRule(folder, 'rule-remove-and-add.xml');
    const rival = {
      ...amendments.find(({ action }) => action === 'add')!,
      name: 'Kowloon Trading Co., Ltd.',
    };
    const ids = changesOf(list, [...amendments, rival])
      .filter(({ kind }) => kind === 'added')
      .map(({ entryId }) => entryId);
    expect(ids).toHaveLength(2);
    for (const id of ids) expect(id).toMatch(/^new /u);
  });

  it('trap 26: a patched text of an applied rule is one correction of our reading', () => {
    const folder = folderOf(26);
    const list = withIds(readList(folder).entries);
    const first = changesOf(list, readTrapRule(folder, 'rule.xml').amendments);
    const stored = first.map(
      (change, at): StoredChange => ({
        ...change,
        seq: at + 1,
        changeSetId: 'set',
        effectiveOn: change.effectiveOn ?? ON,
        knownAt: `${ON}T14:00:00.000Z`,
      }),
    );
    const patched = changesOf(list, readTrapRule(folder, 'rule-patched.xml').amendments);
    const baseline = list
      .flatMap((entry) => stepsBetween(undefined, entry))
      .map(
        (step, at): StoredChange => ({
          ...step,
          ...{ locator: null, seq: at - list.length, changeSetId: 'baseline' },
          ...{ effectiveOn: '2000-01-03', knownAt: '2000-01-03T14:00:00.000Z' },
        }),
      );
    const reread = (next: Change[]) =>
      correctChanges({ told: stored, next, on: ON, history: [...baseline, ...stored] });
    const corrections = reread(patched);
    expect(corrections).toMatchObject([
      {
        kind: 'revised',
        because: 'correction',
        name: 'Amber Kite Works',
        fields: ['aliases'],
        ofSeq: first.findIndex(({ name }) => name === 'Amber Kite Works') + 1,
      },
    ]);
    // A stop or another order is a print variant, and no correction.
    const variant = first.map((change) =>
      change.kind === 'removed'
        ? change
        : {
            ...change,
            after: { ...change.after!, addresses: change.after!.addresses.map((address) => `${address}.`) },
          },
    );
    expect(reread(variant)).toEqual([]);
    // Corrected, the list is as if the patched text had been the first one, and that text again does nothing.
    const corrected = stateAfter(stateAfter(list, first), corrections);
    expect(corrected.map(({ name, aliases }) => [name, aliases])).toEqual(
      stateAfter(list, patched).map(({ name, aliases }) => [name, aliases]),
    );
    expect(changesOf(corrected, readTrapRule(folder, 'rule-patched.xml').amendments)).toEqual([]);
  });
});
