import type { Entry, TracedChange } from '../model.ts';
import { takeStep } from './history.ts';

/** An entry as one document left it, from a day on. */
export interface Version {
  /** Null while it is not on the list. */
  entry: Entry | null;
  /** Null where no rule made it: before the first change, and for a baseline. */
  number: string | null;
  effectiveOn: string;
}

/** All versions of one entry in the order of their effect; the first is that it is not there. */
export interface Past {
  versions: Version[];
  /** Index of the version in effect on the day that is asked about. */
  at: number;
}

/** The versions of all entries, by id, from the changes in the order in which they take effect. */
export function pastsOf(changes: readonly TracedChange[], on: string): Map<string, Past> {
  const pasts = new Map<string, Past>();
  const list = new Map<string, Entry>();
  for (const change of changes) {
    const { entryId, number, effectiveOn } = change;
    takeStep(list, change);
    const past: Past = pasts.get(entryId) ?? {
      versions: [{ entry: null, number: null, effectiveOn: '' }],
      at: 0,
    };
    const version = { entry: list.get(entryId) ?? null, number, effectiveOn };
    const last = past.versions.at(-1)!;
    // A rule may touch an entry twice on one day: it is one version.
    if (past.versions.length > 1 && last.number === number && last.effectiveOn === effectiveOn)
      past.versions[past.versions.length - 1] = version;
    else past.versions.push(version);
    if (effectiveOn <= on) past.at = past.versions.length - 1;
    pasts.set(entryId, past);
  }
  return pasts;
}

/** The list on the day that was asked about. */
export function entriesOf(pasts: Map<string, Past>): Entry[] {
  return [...pasts.values()].flatMap(({ versions, at }) => versions[at]!.entry ?? []);
}

/** Each name that a rule takes off the list, by removing its entry or by renaming it, whenever that takes effect. */
export function namesLeft(pasts: Map<string, Past>): string[] {
  return [...pasts.values()].flatMap(({ versions }) =>
    versions.slice(1).flatMap(({ entry }, index) => {
      const before = versions[index]!.entry;
      return before !== null && before.name !== entry?.name ? [before.name] : [];
    }),
  );
}

/**
 * Indexes of the versions that a source may show in place of the one in effect, the nearest first: earlier ones,
 * back to where a rule ends that it must have; and those of rules that are not in effect at all yet, since eCFR
 * shows some from their print on (sources, §5.2).
 */
export function otherVersions({ versions, at }: Past, isOpen: (number: string) => boolean): number[] {
  const others: number[] = [];
  for (let index = at; index > 0; index--) {
    const { number } = versions[index]!;
    if (number === null || !isOpen(number)) break;
    others.push(index - 1);
  }
  const begun = new Set(versions.slice(0, at + 1).map(({ number }) => number));
  for (let index = at + 1; index < versions.length; index++)
    if (!begun.has(versions[index]!.number)) others.push(index);
  return others;
}
