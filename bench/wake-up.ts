import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { openQueue } from '../src/queue.ts';
import { type QueueBackend, queueBackends } from '../test/helpers/databases.ts';
import type { Figure } from './measure.ts';

const ROUNDS = 12;
const IDLE_MS = 400;

/** Time from the add of a job to an idle worker's start on it, in milliseconds; the slowest and the median. */
async function measure(backend: QueueBackend): Promise<{ median: number; worst: number }> {
  const opening = await backend.open();
  const queue = await openQueue({ ...opening, log: pino({ level: 'silent' }) });
  const name = 'wake-up';
  let started: (() => void) | null = null;
  queue.worker(name, async () => started?.(), { concurrency: 1 });
  const times: number[] = [];
  try {
    for (let round = -2; round < ROUNDS; round += 1) {
      await sleep(IDLE_MS);
      const begun = performance.now();
      const woken = new Promise<void>((resolve) => {
        started = resolve;
      });
      await queue.add(name, 'wake', {}, { jobId: `round-${round + 10}` });
      await woken;
      if (round >= 0) times.push(performance.now() - begun);
    }
  } finally {
    await queue.close();
    await opening.forget();
  }
  times.sort((a, b) => a - b);
  return { median: times[Math.floor(times.length / 2)]!, worst: times.at(-1)! };
}

/**
 * How fast an idle worker wakes on each place of the queue, against the interval at which BullMQ would look by
 * itself if no wake-up reached it (5 s).
 */
export async function benchWakeUp(): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const backend of queueBackends) {
    const { median, worst } = await measure(backend);
    for (const [which, time, most] of [
      [`median of ${ROUNDS}`, median, 10],
      [`slowest of ${ROUNDS}`, worst, 50],
    ] as const)
      figures.push({
        name: `an idle worker on ${backend.name} wakes (${which})`,
        milliseconds: time,
        baseline: 'looking every 5 s',
        baselineMilliseconds: 5_000,
        ratio: time / 5_000,
        goal: { text: `at most ${most} ms`, reached: time <= most },
      });
  }
  return figures;
}
