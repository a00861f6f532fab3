import { isFilingHour } from '../../calendar.ts';
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
  title: string;
  gives: string;
  /** The scheduled job that asks it. */
  job: string;
  /** Without a success for longer it is late, in milliseconds. */
  patienceMs: number;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Outside of filing hours the desk is asked each quarter of an hour (`inspect.ts`). */
const QUIET_INSPECTION_MS = 15 * MINUTE;

const SOURCES: Record<string, SourceKind> = {
  'federal-register': {
    title: 'Federal Register',
    gives: 'published rules',
    job: 'poll',
    patienceMs: 60 * MINUTE,
  },
  'public-inspection': {
    title: 'Public inspection',
    gives: 'filings before they are published',
    job: 'inspect',
    patienceMs: 60 * MINUTE,
  },
  // Each night but those before days without an edition; a long weekend has three of them.
  ecfr: { title: 'eCFR', gives: 'the whole lists, to compare with', job: 'audit', patienceMs: 5 * DAY },
  csl: {
    title: 'Consolidated Screening List',
    gives: 'the whole lists, to compare with',
    job: 'audit',
    patienceMs: 5 * DAY,
  },
  'bounce-mailbox': {
    title: 'Mailbox for bounces',
    gives: 'mail that came back',
    job: 'bounces',
    patienceMs: 60 * MINUTE,
  },
};

/** How each source stands that was ever asked, in the order in which a reader cares. */
export function viewSources(
  states: readonly SourceState[],
  now: string,
  everyMs: Readonly<Record<string, number>>,
): SourceHealth[] {
  return Object.entries(SOURCES).flatMap(([source, { title, gives, job, patienceMs }]) => {
    const state = states.find((one) => one.source === source);
    if (state === undefined) return [];
    const { lastSuccessAt, lastFailureAt, failure } = state;
    const asked = [lastSuccessAt, lastFailureAt].filter((at) => at !== null).sort();
    const every = source === 'public-inspection' && !isFilingHour(now) ? QUIET_INSPECTION_MS : everyMs[job];
    return {
      ...{ title, gives, lastSuccessAt, lastFailureAt, failure },
      nextAt:
        every === undefined || job === 'audit' || asked.length === 0
          ? null
          : new Date(Math.max(Date.parse(asked.at(-1)!) + every, Date.parse(now))).toISOString(),
      isLate: lastSuccessAt === null || Date.parse(now) - Date.parse(lastSuccessAt) > patienceMs,
    };
  });
}
