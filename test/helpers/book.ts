import { applyAmendments } from '../../src/list/apply.ts';
import { compareEffect, foldChanges } from '../../src/list/history.ts';
import type { Amendment, Change, Entry, TracedChange } from '../../src/model.ts';
import { bareText } from '../../src/parse/entry-text.ts';
import { type Draft, draft } from './write-rule.ts';

export function amendmentOf(of: Draft, instruction = '2'): Amendment {
  return { ...bareText(of.name), ...of, locator: { instruction, row: null, page: null } };
}

/** An instruction of this number about one entry. */
export function order(
  action: Draft['action'],
  country: string,
  name: string,
  fields: Partial<Draft> = {},
  instruction = '2',
): Amendment {
  return amendmentOf(draft(action, country, name, fields), instruction);
}

/** All changes of a list without a store: what documents did, in the order in which we came to know it. */
export function openBook() {
  const changes: TracedChange[] = [];

  /** Writes down what a document did; answers it as it stands in the book. */
  function append(more: readonly Change[], number: string | null, on: string): TracedChange[] {
    const stored = more.map((change, at): TracedChange => {
      const seq = changes.length + at + 1;
      const known = { changeSetId: `set of ${number}`, knownAt: `${on}T12:00:00.000Z` };
      return { ...change, ...known, seq, number, publishedOn: on, effectiveOn: change.effectiveOn ?? on };
    });
    changes.push(...stored);
    return stored;
  }
  const inOrder = () => [...changes].sort(compareEffect);
  function listOn(on: string): Entry[] {
    const list = foldChanges(inOrder().filter((change) => change.effectiveOn <= on));
    return [...list.values()].sort((a, b) => (a.entryId < b.entryId ? -1 : 1));
  }

  return {
    changes,
    append,
    inOrder,
    listOn,
    /** "Name: review policy" of each entry on a day. */
    shownOn: (on: string) => listOn(on).map((entry) => `${entry.name}: ${entry.licenseReviewPolicy}`),
    /** A rule in effect on a day is printed on the day `printedOn`, and carried out. */
    carryOut(number: string | null, on: string, amendments: readonly Amendment[], printedOn = on) {
      const made = applyAmendments(listOn(on), amendments, {
        effectiveOn: on,
        newId: ({ destination, name }) => `${destination} ${name}`,
      });
      const dated = made.map((change) => ({ ...change, effectiveOn: change.effectiveOn ?? on }));
      return append(dated, number, printedOn);
    },
  };
}
