import { isFilingHour } from './calendar.ts';

/** What is expected of a source that scheduled jobs ask. */
export interface SourceTerms {
  title: string;
  /** Without a success for longer it is late, in milliseconds. */
  patienceMs: number;
  /** A service that works asks it in every one of these, answered or not, in milliseconds; null where hours vary. */
  windowMs: number | null;
  /** Whether every service asks it; the others count only once they were asked. */
  isAlwaysAsked: boolean;
}

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
/** Outside of filing hours the desk is asked each quarter of an hour (`inspect.ts`). */
export const QUIET_INSPECTION_MS = 15 * MINUTE;
/** Turns of the filing desk's quiet hours that may fail to come before its window is missed. */
const QUIET_TURNS = 3;

/** The sources, in the order in which a reader cares. */
export const SOURCE_TERMS: Readonly<Record<string, SourceTerms>> = {
  'federal-register': {
    title: 'Federal Register',
    patienceMs: 60 * MINUTE,
    windowMs: 10 * MINUTE,
    isAlwaysAsked: true,
  },
  'public-inspection': {
    title: 'Public inspection',
    patienceMs: 60 * MINUTE,
    windowMs: 10 * MINUTE,
    isAlwaysAsked: true,
  },
  // Each night but those before days without an edition; a long weekend has three of them.
  ecfr: { title: 'eCFR', patienceMs: 5 * DAY, windowMs: null, isAlwaysAsked: false },
  csl: { title: 'Consolidated Screening List', patienceMs: 5 * DAY, windowMs: null, isAlwaysAsked: false },
  'bounce-mailbox': {
    title: 'Mailbox for bounces',
    patienceMs: 60 * MINUTE,
    windowMs: 30 * MINUTE,
    isAlwaysAsked: false,
  },
};

/**
 * Whether a source is asked here: always, or once it was. The mailbox is asked no more where its address was taken
 * out of the configuration, and is forgotten after a day.
 */
export function isSourceAsked(
  source: string,
  state: { lastSuccessAt: string | null; lastFailureAt: string | null } | undefined,
  now: string,
): boolean {
  if (state === undefined) return SOURCE_TERMS[source]?.isAlwaysAsked ?? false;
  if (source !== 'bounce-mailbox') return true;
  const askedAt = [state.lastSuccessAt, state.lastFailureAt].filter((at) => at !== null).sort();
  return askedAt.length > 0 && Date.parse(now) - Date.parse(askedAt.at(-1)!) <= DAY;
}

/** Whether a source's last success is too long ago at an instant. */
export function isSourceLate(source: string, lastSuccessAt: string | null, now: string): boolean {
  return (
    lastSuccessAt === null ||
    Date.parse(now) - Date.parse(lastSuccessAt) > (SOURCE_TERMS[source]?.patienceMs ?? Infinity)
  );
}

/** The time in which a source must have been asked, in milliseconds; null where none is set. */
export function windowOf(source: string, now: string): number | null {
  if (source !== 'public-inspection') return SOURCE_TERMS[source]?.windowMs ?? null;
  const window = SOURCE_TERMS[source]!.windowMs!;
  // In the first minutes of the morning the last look is still one of the night.
  const before = new Date(Date.parse(now) - window).toISOString();
  return isFilingHour(now) && isFilingHour(before) ? window : QUIET_TURNS * QUIET_INSPECTION_MS;
}

/** The canary runs each minute; without it for longer the queue does not wake up, in milliseconds. */
export const CANARY_PATIENCE_MS = 3 * MINUTE;
/** Name of the canary among the states of sources; it is none. */
export const CANARY = 'canary';
