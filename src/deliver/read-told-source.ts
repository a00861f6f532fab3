import type { Kysely } from 'kysely';
import { matchFilter } from '../list/match-filter.ts';
import type { ChangeSet, StoredChange, SubscriptionFilter } from '../model.ts';
import type { Parts } from '../parts.ts';
import { chainBefore } from '../store/change-chain.ts';
import { findChangeSet, latestChangeSets } from '../store/change-sets.ts';
import { changesOf } from '../store/changes.ts';
import type { Schema } from '../store/schema.ts';

/** What there is to tell of a change set, before anybody's filter. None of it changes once it is stored. */
export interface ToldSource {
  changeSet: ChangeSet;
  changes: readonly StoredChange[];
  /** What was told of the same document before, the nearest first. */
  earlier: readonly ChangeSet[];
  /** What was told of the documents that this one corrects, the nearest first. */
  corrected: readonly ChangeSet[];
  /** The changes that meet a filter without watchlists. */
  matching(filter: SubscriptionFilter): readonly StoredChange[];
}

/** Rules that are told at the same time are few: on a busy day two, and a correction of each. */
const SOURCES_KEPT = 6;
const FILTERS_KEPT = 200;
/** A correction of more documents, or of one that was told in more steps, answers some of these mails alone. */
const MOST_CORRECTED = 5;
const MOST_STEPS = 20;
const kept = new WeakMap<Parts, Map<string, Promise<ToldSource>>>();

/**
 * Reads what there is to tell of a change set, once for all whom one process tells of it: ten thousand are told the
 * same, and all of it is rows that are only ever appended.
 */
export function readToldSource(parts: Parts, changeSetId: string): Promise<ToldSource> {
  const sources = kept.get(parts) ?? new Map<string, Promise<ToldSource>>();
  kept.set(parts, sources);
  const known = sources.get(changeSetId);
  const reading = known ?? read(parts, changeSetId);
  // What was asked for last is forgotten last.
  sources.delete(changeSetId);
  sources.set(changeSetId, reading);
  if (known === undefined) {
    reading.catch(() => sources.delete(changeSetId));
    for (const oldest of sources.keys()) if (sources.size > SOURCES_KEPT) sources.delete(oldest);
  }
  return reading;
}

async function read({ db }: Parts, changeSetId: string): Promise<ToldSource> {
  const changeSet = await findChangeSet(db, changeSetId);
  if (changeSet === null) throw new Error(`the change set ${changeSetId} is missing`);
  const changes = await changesOf(db, changeSetId);
  const byFilter = new Map<string, readonly StoredChange[]>();
  return {
    changeSet,
    changes,
    earlier: await chainBefore(db, changeSet),
    corrected: await readCorrected(db, changeSet),
    matching(filter) {
      const key = JSON.stringify(filter);
      const known = byFilter.get(key);
      if (known !== undefined) return known;
      const matching = matchFilter(filter, changes);
      if (byFilter.size < FILTERS_KEPT) byFilter.set(key, matching);
      return matching;
    },
  };
}

async function readCorrected(db: Kysely<Schema>, { corrects = [] }: ChangeSet): Promise<ChangeSet[]> {
  const corrected: ChangeSet[] = [];
  for (const document of corrects.slice(0, MOST_CORRECTED))
    corrected.push(...(await latestChangeSets(db, { document, limit: MOST_STEPS })));
  return corrected;
}
