import { Counter, Histogram, Registry } from 'prom-client';
import { addDays, endOfDay } from './days.ts';
import { CHANNELS, type ChangeSet, type Channel, type ScreeningCause, type ScreeningRun } from './model.ts';

/** What happens, counted where it happens; what stands in the tables is read at the scrape (`observe/`). */
export interface Metrics {
  registry: Registry;
  /** One try of a delivery ended; `createdAt` is when the delivery was made, both instants in ISO 8601. */
  delivered(delivery: { channel: Channel; createdAt: string }, outcome: TryOutcome, at: string): void;
  /** A document was told for the first time. `earlier` is what was told of it before. */
  detected(changeSet: ChangeSet, earlier: readonly ChangeSet[]): void;
  screened(run: Pick<ScreeningRun, 'cause' | 'startedAt' | 'endedAt'>): void;
}

const OUTCOMES = ['sent', 'due', 'failed', 'suppressed'] as const;
type TryOutcome = (typeof OUTCOMES)[number];
const SINCE = ['filed', 'published'] as const;
const SCREENING_CAUSES: readonly ScreeningCause[] = ['rule', 'upload', 'demand'];

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Opens the metrics of one process, in a registry of their own. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  const deliveries = new Counter({
    name: 'elwatch_delivery_tries_total',
    help: 'Tries of deliveries by channel and what came of them; "due" is tried again',
    labelNames: ['channel', 'outcome'] as const,
    registers,
  });
  const latency = new Histogram({
    name: 'elwatch_delivery_latency_seconds',
    help: 'From the making of a delivery until its target took it',
    labelNames: ['channel'] as const,
    buckets: [0.1, 0.5, 1, 5, 15, MINUTE, 5 * MINUTE, 15 * MINUTE, HOUR, 6 * HOUR, DAY, 2 * DAY],
    registers,
  });
  const lag = new Histogram({
    name: 'elwatch_detection_lag_seconds',
    help: 'Until a document was known here: since it was filed, or since 0:00 in Washington of the day of its print',
    labelNames: ['since'] as const,
    buckets: [
      15,
      MINUTE,
      2 * MINUTE,
      5 * MINUTE,
      15 * MINUTE,
      HOUR,
      6 * HOUR,
      9 * HOUR,
      12 * HOUR,
      DAY,
      3 * DAY,
    ],
    registers,
  });
  const screening = new Histogram({
    name: 'elwatch_screening_duration_seconds',
    help: 'Comparing one watchlist, by what caused it',
    labelNames: ['cause'] as const,
    buckets: [0.1, 0.5, 1, 5, 15, MINUTE, 5 * MINUTE, 15 * MINUTE],
    registers,
  });
  // A series that begins with its first event at 1 has no increase, so that no alert would see that event.
  for (const channel of CHANNELS) {
    for (const outcome of OUTCOMES) deliveries.inc({ channel, outcome }, 0);
    latency.zero({ channel });
  }
  for (const since of SINCE) lag.zero({ since });
  for (const cause of SCREENING_CAUSES) screening.zero({ cause });
  return {
    registry,
    delivered({ channel, createdAt }, outcome, at) {
      deliveries.inc({ channel, outcome });
      if (outcome === 'sent') latency.observe({ channel }, secondsBetween(createdAt, at));
    },
    detected({ cause, outcome, filing, document, knownAt }, earlier) {
      if (cause !== 'rule') return;
      if (outcome === 'provisional') {
        if (earlier.length === 0 && filing?.filedAt)
          lag.observe({ since: 'filed' }, secondsBetween(filing.filedAt, knownAt));
      } else if (outcome !== 'withdrawn' && document?.publishedOn && earlier.every(isProvisional))
        lag.observe(
          { since: 'published' },
          secondsBetween(endOfDay(addDays(document.publishedOn, -1)), knownAt),
        );
    },
    screened({ cause, startedAt, endedAt }) {
      screening.observe({ cause }, secondsBetween(startedAt, endedAt));
    },
  };
}

function isProvisional({ outcome }: ChangeSet): boolean {
  return outcome === 'provisional';
}

/** Clocks of two machines may differ: no time is negative. */
function secondsBetween(from: string, to: string): number {
  return Math.max(0, (Date.parse(to) - Date.parse(from)) / 1000);
}
