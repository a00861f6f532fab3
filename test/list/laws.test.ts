import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addDays } from '../../src/days.ts';
import { applyAmendments, applyPlan } from '../../src/list/apply.ts';
import { foldChanges, inverseOf, takeStep } from '../../src/list/history.ts';
import { planAmendments } from '../../src/list/plan.ts';
import { indexEntries } from '../../src/list/resolve.ts';
import { entryHash, stateHash } from '../../src/list/state-hash.ts';
import type { Amendment, Change, Entry, PlacedEntry } from '../../src/model.ts';
import { bareText } from '../../src/parse/entry-text.ts';
import { applyLiterally } from '../helpers/write-rule/literal.ts';
import { listAndOrders } from '../helpers/write-rule/random.ts';
import type { Draft } from '../helpers/write-rule.ts';

const ON = '2031-01-06';

const amendment = (draft: Draft): Amendment => ({
  ...bareText(draft.name),
  ...draft,
  locator: { instruction: '2', row: null, page: 502 },
});
const newId = (of: Amendment) => `new ${of.list} ${of.destination} ${of.name}`;
const options = { effectiveOn: ON, newId };

const carryOut = (entries: readonly Entry[], drafts: readonly Draft[]) =>
  applyAmendments(entries, drafts.map(amendment), options);
const byId = (entries: Iterable<Entry>) => new Map([...entries].map((entry) => [entry.entryId, entry]));
function leftBy(entries: readonly Entry[], changes: readonly Change[]): Entry[] {
  const list = byId(entries);
  for (const change of changes) takeStep(list, change);
  return [...list.values()];
}
const hashOf = (entries: Iterable<PlacedEntry>) => stateHash([...entries].map(entryHash));
const sorted = (entries: Iterable<Entry>) => [...entries].sort((a, b) => (a.entryId < b.entryId ? -1 : 1));

describe('amendments, on any list that they fit', () => {
  it('leave the list that their plain meaning says', () => {
    fc.assert(
      fc.property(listAndOrders, ({ entries, drafts }) => {
        const wanted = applyLiterally(entries, drafts, (placed, draft) => ({
          ...placed,
          entryId: newId(amendment(draft)),
        }));
        const found = leftBy(entries, carryOut(entries, drafts));
        expect(sorted(found)).toEqual(sorted(wanted));
        expect(hashOf(found)).toBe(hashOf(wanted));
      }),
    );
  });

  it('are undone by their inverses, taken backwards', () => {
    fc.assert(
      fc.property(listAndOrders, ({ entries, drafts }) => {
        const changes = carryOut(entries, drafts);
        const back = [...changes].reverse().map(inverseOf);
        expect(sorted(leftBy(leftBy(entries, changes), back))).toEqual(sorted(entries));
        expect(back.map(inverseOf).reverse()).toEqual(changes);
      }),
    );
  });

  it('change nothing when they are taken a second time', () => {
    fc.assert(
      fc.property(listAndOrders, ({ entries, drafts }) => {
        const changes = carryOut(entries, drafts);
        const once = leftBy(entries, changes);
        expect(leftBy(once, changes)).toEqual(once);
      }),
    );
  });

  it('are refused or change nothing when they are ordered a second time', () => {
    fc.assert(
      fc.property(listAndOrders, ({ entries, drafts }) => {
        const once = leftBy(entries, carryOut(entries, drafts));
        const plan = planAmendments(indexEntries(once), drafts.map(amendment));
        if (plan.problems.length > 0) expect(() => applyPlan(plan, options)).toThrow();
        else expect(applyPlan(plan, options)).toEqual([]);
      }),
    );
  });

  it('change nothing when additions and revisions are ordered again, in whatever order', () => {
    const again = listAndOrders.chain(({ entries, drafts }) => {
      const kept = drafts.filter(({ action }) => action === 'add' || action === 'revise');
      return fc.record({
        entries: fc.constant(entries),
        drafts: fc.constant(kept),
        shuffled: fc.shuffledSubarray(kept, { minLength: kept.length }),
      });
    });
    fc.assert(
      fc.property(again, ({ entries, drafts, shuffled }) => {
        const once = leftBy(entries, carryOut(entries, drafts));
        expect(carryOut(once, shuffled)).toEqual([]);
        expect(hashOf(leftBy(entries, carryOut(entries, shuffled)))).toBe(hashOf(once));
      }),
    );
  });

  it('leave the list as it was on the day after their last one', () => {
    fc.assert(
      fc.property(listAndOrders, ({ entries, drafts }) => {
        const endsOn = '2032-02-29';
        const changes = carryOut(
          entries,
          drafts.map((draft) => ({ ...draft, endsOn })),
        );
        const lasting = changes.filter((change) => change.because !== 'expiry');
        const expiry = changes.filter((change) => change.because === 'expiry');
        expect(new Set(expiry.map((change) => change.effectiveOn))).toEqual(
          new Set(expiry.length > 0 ? [addDays(endsOn, 1)] : []),
        );
        expect(expiry).toHaveLength(lasting.length);
        expect(lasting).toEqual(carryOut(entries, drafts));
        expect(sorted(leftBy(leftBy(entries, lasting), expiry))).toEqual(sorted(entries));
      }),
    );
  });
});

describe('the fold of changes', () => {
  it('is the list, from nothing', () => {
    fc.assert(
      fc.property(listAndOrders, ({ entries, drafts }) => {
        const baseline = entries.map((entry): Change => {
          const { entryId, list, destination, country, ...text } = entry;
          const place = { entryId, list, destination, country, name: text.name };
          return { ...place, kind: 'added', before: null, after: text, fields: [], locator: null };
        });
        const changes = carryOut(entries, drafts);
        expect(sorted(foldChanges([...baseline, ...changes]).values())).toEqual(
          sorted(leftBy(entries, changes)),
        );
      }),
    );
  });

  it('takes the changes of different entries in any order', () => {
    const shuffled = listAndOrders.chain(({ entries, drafts }) => {
      const changes = carryOut(entries, drafts);
      return fc.record({
        entries: fc.constant(entries),
        changes: fc.constant(changes),
        order: fc.shuffledSubarray(
          changes.filter(({ entryId }) => changes.filter((one) => one.entryId === entryId).length === 1),
        ),
      });
    });
    fc.assert(
      fc.property(shuffled, ({ entries, changes, order }) => {
        const inPrint = changes.filter((change) => order.includes(change));
        expect(hashOf(leftBy(entries, order))).toBe(hashOf(leftBy(entries, inPrint)));
      }),
    );
  });
});

describe('the state hash', () => {
  const twoOrders = listAndOrders.chain(({ entries }) =>
    fc.record({
      entries: fc.constant(entries),
      shuffled: fc.shuffledSubarray(entries, { minLength: entries.length }),
    }),
  );

  it('does not depend on the order of the entries, nor on our ids', () => {
    fc.assert(
      fc.property(twoOrders, ({ entries, shuffled }) => {
        expect(hashOf(shuffled.map((entry, at) => ({ ...entry, entryId: `other ${at}` })))).toBe(
          hashOf(entries),
        );
      }),
    );
  });

  it('tells every difference of a text, a place or a number of entries', () => {
    fc.assert(
      fc.property(listAndOrders, fc.nat(), ({ entries }, at) => {
        fc.pre(entries.length > 0);
        const one = entries[at % entries.length]!;
        const others = entries.filter((entry) => entry !== one);
        const differing: Entry[][] = [
          others,
          [...entries, one],
          ...[
            { name: `${one.name}.` },
            { destination: `${one.destination} ` },
            { aliases: [...one.aliases, 'One More'] },
            { addresses: one.addresses.slice(1) },
            { seeAlso: [...one.seeAlso, 'Cuba'] },
            { licenseRequirement: `${one.licenseRequirement} ` },
            { licenseReviewPolicy: `${one.licenseReviewPolicy} ` },
            { footnotes: [...one.footnotes, 9] },
            { citations: one.citations.slice(1) },
          ].map((other) => [...others, { ...one, ...other }]),
        ];
        const hashes = differing.map(hashOf);
        expect(new Set([...hashes, hashOf(entries)]).size).toBe(differing.length + 1);
      }),
    );
  });
});
