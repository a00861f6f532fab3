import { applyAmendments } from '../src/list/apply.ts';
import { diffLists } from '../src/list/diff.ts';
import { indexEntries } from '../src/list/resolve.ts';
import { verifyRule } from '../src/list/verify.ts';
import type { Entry } from '../src/model.ts';
import { readHead } from '../src/parse/head.ts';
import { readRule } from '../src/parse/rule.ts';
import { readSupplement } from '../src/parse/supplement.ts';
import { admitXml } from '../src/parse/xml.ts';
import { wordDiff } from '../src/render/word-diff.ts';
import { readRuleInput, readSupplementInput } from './inputs.ts';
import { compare, type Figure } from './measure.ts';

function wholeList(): Entry[] {
  const { entries } = readSupplement(admitXml(readSupplementInput()));
  return entries.map((entry, at) => ({ ...entry, entryId: String(at) }));
}

/** What anybody would write first: every entry of one list looked for in the other by its text. */
function diffNaively(before: readonly Entry[], after: readonly Entry[]): number {
  const text = ({ entryId: _entryId, ...entry }: Entry) => JSON.stringify(entry);
  const there = new Set(before.map(text));
  const here = new Set(after.map(text));
  return (
    after.filter((entry) => !there.has(text(entry))).length +
    before.filter((entry) => !here.has(text(entry))).length
  );
}

/** Two whole lists that differ in a few hundred entries. */
export function benchDiff(): Figure {
  const before = wholeList();
  // A copy, as from a store: no text is the same object on both sides.
  const after = structuredClone(before)
    .filter((_, at) => at % 50 !== 0)
    .map((entry, at) => (at % 40 === 0 ? { ...entry, aliases: [...entry.aliases, 'New Alias'] } : entry));
  const { ours, baseline } = compare(
    () => diffLists(before, after),
    () => diffNaively(before, after),
    25,
  );
  return {
    name: 'the difference of two whole lists, field by field',
    milliseconds: ours,
    baseline: 'comparing them by their JSON, without fields',
    baselineMilliseconds: baseline,
    ratio: ours / baseline,
    goal: { text: 'at most 0.7 × that', reached: ours / baseline <= 0.7 },
  };
}

/** The 70-entry rule verified against the whole list and applied to it. */
export function benchApply(): Figure {
  const { xml, record } = readRuleInput();
  const rule = readRule(admitXml(xml), readHead(record));
  const added = new Set(
    rule.amendments.filter((one) => one.action === 'add').map((one) => `${one.destination}|${one.name}`),
  );
  const list = wholeList().filter((entry) => !added.has(`${entry.destination}|${entry.name}`));
  const { ours, baseline } = compare(
    () => {
      const { verdict } = verifyRule(rule, indexEntries(list));
      return [
        verdict,
        applyAmendments(list, rule.amendments, {
          effectiveOn: '2025-03-25',
          newId: (amendment) => amendment.name,
        }),
      ];
    },
    () => structuredClone(list),
    25,
  );
  return {
    name: 'the 70-entry rule verified against the whole list and applied',
    milliseconds: ours,
    baseline: 'a structured clone of the list',
    baselineMilliseconds: baseline,
    ratio: ours / baseline,
    goal: null,
  };
}

/** Two long texts of one entry that share words and no order: what a comparison by words finds hardest. */
export function benchFieldDiff(): Figure {
  const words = (step: number) =>
    Array.from({ length: 2_000 }, (_none, at) => `word${(at * step) % 1_999}`).join(' ');
  const [before, after] = [words(1), words(1_001)];
  const { ours, baseline } = compare(
    () => wordDiff(before, after),
    () => before.split(' ').filter((word, at) => after.split(' ', at + 1)[at] !== word),
    9,
  );
  return {
    name: `the words that differ in a field of ${Math.round(before.length / 1000)} KB, at the worst`,
    milliseconds: ours,
    baseline: 'comparing word by word in place',
    baselineMilliseconds: baseline,
    ratio: ours / baseline,
    goal: { text: 'at most 50 ms', reached: ours <= 50 },
  };
}
