import { isFilingHour } from '../../calendar.ts';
import { addDays, endOfDay } from '../../days.ts';
import { isSourceLate, QUIET_INSPECTION_MS, SOURCE_TERMS } from '../../source-terms.ts';
import type { ComparedSource, SourceLags } from '../../store/source-lags.ts';
import type { SourceState } from '../../store/source-state.ts';

/** A source as readers know it, with how it stands. */
export interface SourceHealth {
  title: string;
  /** What we read there. */
  gives: string;
  lastSuccessAt: string | null;
  /** Why the last look failed; null where it did not. */
  failure: string | null;
  lastFailureAt: string | null;
  /** When it is to be asked next; null where that is not a matter of minutes. */
  nextAt: string | null;
  /** True where its last success is too long ago. */
  isLate: boolean;
  /** Null where nothing can be said of it, or nobody asked. */
  lag: Lag | null;
}

/** How far the newest of a source was behind when we had it. */
export type Lag =
  | { of: 'document'; number: string; since: 'filed' | 'printed'; seconds: number }
  | ({ of: 'lists' } & Omit<ComparedSource, 'source'>);

interface SourceKind {
  gives: string;
  /** The scheduled job that asks it. */
  job: string;
}

const SOURCES: Record<string, SourceKind> = {
  'federal-register': { gives: 'published rules', job: 'poll' },
  'public-inspection': { gives: 'filings before they are published', job: 'inspect' },
  ecfr: { gives: 'the whole lists, to compare with', job: 'audit' },
  csl: { gives: 'the whole lists, to compare with', job: 'audit' },
  'bounce-mailbox': { gives: 'mail that came back', job: 'bounces' },
};

/** How each source stands that was ever asked, in the order in which a reader cares; its lag where `lags` are given. */
export function viewSources(
  states: readonly SourceState[],
  now: string,
  everyMs: Readonly<Record<string, number>>,
  lags: SourceLags | null = null,
): SourceHealth[] {
  return Object.entries(SOURCES).flatMap(([source, { gives, job }]) => {
    const state = states.find((one) => one.source === source);
    if (state === undefined) return [];
    const { lastSuccessAt, lastFailureAt, failure } = state;
    const asked = [lastSuccessAt, lastFailureAt].filter((at) => at !== null).sort();
    const every = source === 'public-inspection' && !isFilingHour(now) ? QUIET_INSPECTION_MS : everyMs[job];
    return {
      title: SOURCE_TERMS[source]!.title,
      ...{ gives, lastSuccessAt, lastFailureAt, failure },
      nextAt:
        every === undefined || job === 'audit' || asked.length === 0
          ? null
          : new Date(Math.max(Date.parse(asked.at(-1)!) + every, Date.parse(now))).toISOString(),
      isLate: isSourceLate(source, lastSuccessAt, now),
      lag: lags === null ? null : lagOf(source, lags),
    };
  });
}

function lagOf(name: string, { published, filed, compared }: SourceLags): Lag | null {
  if (name === 'federal-register' && published !== null)
    return {
      ...{ of: 'document', since: 'printed', number: published.number },
      // The Register has no hour of print: its day begins at midnight in Washington.
      seconds: secondsBetween(endOfDay(addDays(published.publishedOn, -1)), published.knownAt),
    };
  if (name === 'public-inspection' && filed !== null)
    return {
      ...{ of: 'document', since: 'filed', number: filed.number },
      seconds: secondsBetween(filed.filedAt, filed.knownAt),
    };
  const lists = compared.find(({ source }) => source === name);
  if (lists === undefined) return null;
  const { source: _, ...rest } = lists;
  return { of: 'lists', ...rest };
}

/** Clocks of two machines may differ: no time is negative. */
function secondsBetween(from: string, to: string): number {
  return Math.max(0, Math.round((Date.parse(to) - Date.parse(from)) / 1_000));
}
