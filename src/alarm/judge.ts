import { LIST_NAMES } from '../model.ts';
import {
  CANARY,
  CANARY_PATIENCE_MS,
  isSourceAsked,
  isSourceLate,
  SOURCE_TERMS,
  windowOf,
} from '../source-terms.ts';
import type { AlarmState } from '../store/alarm-state.ts';
import type { Observed } from '../store/observed.ts';

export type AlarmCode = 'canary-missed' | 'poll-missed' | 'source-late' | 'list-fell';

/** What the watch says of one thing. `unknown` leaves an incident as it is. */
export interface Judged {
  code: AlarmCode;
  /** A source, a list or the queue, by its name in the tables. */
  about: string;
  is: 'on' | 'off' | 'unknown';
  /** What is so, in words for a subject; and what to do. */
  title: string;
  says: string;
  next: string;
}

/** After a start or a pause the first looks are given so long to come. */
const SETTLE_MS = 10 * 60_000;
/** A list is measured by its count of up to a day ago; single rules take less than this from one. */
const MEASURE_MS = 24 * 60 * 60_000;
const FALL_SHARE = 0.05;
const FALL_LEAST = 5;

/**
 * Judges the queue, each source and each list, and notes in the state what the next look needs. While the queue
 * sleeps nothing can be said of the sources: one alarm, not one for each of them.
 */
export function judge(
  { states, entries }: Pick<Observed, 'states' | 'entries'>,
  state: AlarmState,
  now: string,
): Judged[] {
  const since = (at: string) => Date.parse(now) - Date.parse(at);
  const byName = new Map(states.map((one) => [one.source, one]));
  // Nobody looked for a while: the machine was off, and what is old is no wonder.
  if (since(state.lastAt) > CANARY_PATIENCE_MS) Object.assign(state, { since: now, awakeSince: now });
  state.lastAt = now;

  const sung = byName.get(CANARY)?.lastSuccessAt ?? null;
  const isAwake = sung !== null && since(sung) <= CANARY_PATIENCE_MS;
  const isAsleep = !isAwake && since(state.since) > CANARY_PATIENCE_MS;
  if (!isAwake) state.awakeSince = now;
  const all: Judged[] = [
    {
      code: 'canary-missed',
      about: 'queue',
      is: isAwake ? 'off' : isAsleep ? 'on' : 'unknown',
      title: 'no job is run',
      says: `The job that runs each minute ${sung === null ? 'never ran' : `ran last at ${sung}`}. While it does not, nothing is polled and nothing is sent.`,
      next: 'See whether a process with the role worker and one with the role scheduler run (elwatch doctor asks the queue), and start them again.',
    },
  ];

  for (const [source, { title, patienceMs }] of Object.entries(SOURCE_TERMS)) {
    const known = byName.get(source);
    const lastSuccessAt = known?.lastSuccessAt ?? null;
    const asked = [lastSuccessAt, known?.lastFailureAt ?? null].filter((at) => at !== null).sort();
    const askedAt = asked.at(-1) ?? null;
    const isAsked = isSourceAsked(source, known, now);
    const window = windowOf(source, now);
    const isMissed = window !== null && (askedAt === null || since(askedAt) > window);
    const missed =
      !isAsked || !isMissed ? 'off' : isAwake && since(state.awakeSince) > window ? 'on' : 'unknown';
    if (window !== null)
      all.push({
        code: 'poll-missed',
        about: source,
        is: missed,
        title: `${title} is not asked`,
        says: `${title} was ${askedAt === null ? 'never asked' : `asked last at ${askedAt}`}, which is more than ${window / 60_000} minutes ago, although other jobs run.`,
        next: 'See the log for errors of its job, and its queue at /operator/queues; a start of the service schedules it anew.',
      });
    const settleMs = lastSuccessAt === null ? patienceMs : Math.min(SETTLE_MS, patienceMs);
    const isLate = isAsked && isSourceLate(source, lastSuccessAt, now);
    all.push({
      code: 'source-late',
      about: source,
      is: !isLate ? 'off' : isAwake && !isMissed && since(state.awakeSince) > settleMs ? 'on' : 'unknown',
      title: `${title} is late`,
      says: `${title} answered ${lastSuccessAt === null ? 'never' : `as it should last at ${lastSuccessAt}`}. ${known?.failure ? `The last look failed: ${known.failure}` : ''}`,
      next: 'It is asked on and on, so there is nothing to do if it is down itself. If it is not, elwatch doctor says what this machine gets from it.',
    });
  }

  for (const list of LIST_NAMES) {
    const count = entries[list] ?? 0;
    const measure = state.counts[list];
    if (measure === undefined || count >= measure.count || since(measure.at) > MEASURE_MS)
      state.counts[list] = { count, at: now };
    const before = state.counts[list]!.count;
    const lost = before - count;
    all.push({
      code: 'list-fell',
      about: list,
      is: lost >= FALL_LEAST && lost > before * FALL_SHARE ? 'on' : 'off',
      title: `the ${list} lost ${lost} of ${before} entries`,
      says: `The ${list} has ${count} entries; it had ${before} within the last day.`,
      next: 'See elwatch changes for the rule that removed them, and elwatch rebuild for whether the list agrees with its changes. After a day the new count is the measure.',
    });
  }
  return all;
}
