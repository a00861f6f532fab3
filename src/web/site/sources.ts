import { isFilingHour } from '../../calendar.ts';
import { isSourceLate, QUIET_INSPECTION_MS, SOURCE_TERMS } from '../../source-terms.ts';
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
}

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

/** How each source stands that was ever asked, in the order in which a reader cares. */
export function viewSources(
  states: readonly SourceState[],
  now: string,
  everyMs: Readonly<Record<string, number>>,
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
    };
  });
}
