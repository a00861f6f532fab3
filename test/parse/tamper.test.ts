import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ElwatchError } from '../../src/errors.ts';
import { applyAmendments } from '../../src/list/apply.ts';
import { indexEntries } from '../../src/list/resolve.ts';
import { verifyRule } from '../../src/list/verify.ts';
import type { Entry, Rule } from '../../src/model.ts';
import { readHead } from '../../src/parse/head.ts';
import { readRule } from '../../src/parse/rule.ts';
import { admitXml } from '../../src/parse/xml.ts';
import { withIds } from '../helpers/fixtures.ts';
import { expectedAfter, SCRIPT } from '../helpers/replay-script.ts';
import { type Slip, slipsOfCharacter, slipsOfPieces } from '../helpers/tamper.ts';
import { draft, writeRule } from '../helpers/write-rule.ts';

/** TAMPER=all tries every character of every document, which takes minutes; else a random part of them. */
const ALL = process.env.TAMPER === 'all';
const CHARACTERS = 60;
const OTHERS = ['x', 'S', '7', '5', '4', ' ', ',', '.', '“', '”', '”', ';', '—', '’', '(', '’', 'и'];

/**
 * What may not come out differently without a word: verbs, destinations and names. An entry that is only named,
 * not printed, is the one on the list, however the instruction spells it.
 */
function essence({ amendments, headings }: Rule, list: readonly Entry[]): string[] {
  const changes = applyAmendments(list, amendments, {
    effectiveOn: '2031-01-01',
    newId: ({ destination, name }) => `${destination} ${name}`,
  });
  return [
    ...changes.map(({ kind, entryId, destination, name, movedFrom, because }) =>
      JSON.stringify([kind, entryId, destination, name, movedFrom ?? null, because ?? null]),
    ),
    ...headings.map(({ action, list: of, destination }) => JSON.stringify([action, of, destination])),
  ].sort();
}

/** A document as it was meant, and the list that it amends. */
interface Original {
  xml: string;
  record: unknown;
  list: Entry[];
  essence: string[];
}

function readOf(xml: string, record: unknown): Rule {
  return readRule(admitXml(Buffer.from(xml)), readHead(record));
}

/** Null where the slip is refused, held, told by an issue, or leaves the meaning alone; else what went wrong. */
function silentError(original: Original, slip: Slip): string | null {
  let rule: Rule;
  try {
    rule = readOf(slip.xml, original.record);
  } catch (error) {
    if (error instanceof ElwatchError) return null;
    throw error;
  }
  if (rule.issues.length > 0) return null;
  if (verifyRule(rule, indexEntries(original.list)).verdict !== 'verified') return null;
  const found = essence(rule, original.list);
  if (JSON.stringify(found) === JSON.stringify(original.essence)) return null;
  const gone = original.essence.filter((one) => !found.includes(one));
  const come = found.filter((one) => !original.essence.includes(one));
  return `${slip.what}\n  instead of ${gone.join(' ') || 'nothing'}\n  it is read as ${come.join(' ') || 'nothing'}`;
}

/** A rule whose abstract states a part of what it does: nothing but its own words speaks for the rest. */
const UNSTATED = (() => {
  const list = withIds(expectedAfter([]));
  const gone = list.find((entry) => entry.name === 'Bisotun Trading')!;
  const revised = list.find((entry) => entry.name === 'Peak Components')!;
  const document = writeRule({
    number: '2031-66666',
    publishedOn: '2031-01-06',
    startPage: 500,
    amendments: [
      draft('add', 'CN', 'Unstated Wares'),
      { ...draft('remove', 'IR', gone.name), destination: gone.destination },
      draft('alter', 'HK', revised.name, { alter: { aliases: { add: ['PKC'], remove: [] } } }),
    ],
    abstract:
      "In this rule, BIS amends the EAR by adding one entity to the Entity List, under the destination of China, People's Republic of (China) (1).",
  });
  return { document, list };
})();

function originalOf(document: { xml: Uint8Array; record: unknown }, list: Entry[]): Original {
  const xml = Buffer.from(document.xml).toString('utf8');
  return { xml, record: document.record, list, essence: essence(readOf(xml, document.record), list) };
}

const NAMED = SCRIPT.map((act, at) => ({ act, at })).filter(({ act: { outcome } }) => outcome === 'applied');

function expectNoSilentError(original: Original): void {
  const { xml } = original;
  const errors = [...slipsOfPieces(xml)].map((slip) => silentError(original, slip));
  expect(errors.filter((error) => error !== null)).toEqual([]);
  if (ALL) {
    const found: string[] = [];
    for (let place = 0; place < xml.length; place += 1)
      for (const slip of slipsOfCharacter(xml, place, OTHERS[place % OTHERS.length]!)) {
        const error = silentError(original, slip);
        if (error !== null) found.push(error);
      }
    expect(found.slice(0, 20), `${found.length} slips`).toEqual([]);
    return;
  }
  fc.assert(
    fc.property(fc.nat(xml.length - 1), fc.constantFrom(...OTHERS), (place, other) => {
      for (const slip of slipsOfCharacter(xml, place, other)) expect(silentError(original, slip)).toBeNull();
    }),
    { numRuns: CHARACTERS },
  );
}

describe('a slip in a rule that names its entries never gives another list in silence', () => {
  it.each(NAMED.map(({ act, at }) => ({ what: act.what, at })))('$what', ({ at }) => {
    expectNoSilentError(originalOf(SCRIPT[at]!.document, withIds(expectedAfter(SCRIPT.slice(0, at)))));
  });

  it('a rule that states only a part of what it does', () => {
    expectNoSilentError(originalOf(UNSTATED.document, UNSTATED.list));
  });
});
