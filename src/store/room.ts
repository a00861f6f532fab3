import { statfsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { ElwatchError } from '../errors.ts';

/**
 * What the embedded database needs in any case: a new one takes some 40 MB, and one that runs writes its log in pieces
 * of 16 MB.
 */
export const LEAST_ROOM = 50_000_000;

/** Bytes that this user may still write on the disk of a directory. */
export function roomIn(directory: string): number {
  const { bavail, bsize } = statfsSync(directory);
  return bavail * bsize;
}

/** The error that says what the full disk keeps from happening. */
export function diskFull(what: string, left: number, cause?: unknown): ElwatchError {
  return new ElwatchError(
    'disk-full',
    `${what}: the disk is full (${Math.floor(left / 1_000_000)} MB left).`,
    {
      retry: false,
      hint: 'Make room there, or set DATA_DIR to a directory on another disk.',
      ...(cause === undefined ? {} : { cause }),
    },
  );
}

/** A disk that something else fills takes longer than this for the last `LEAST_ROOM`. */
const LOOK_MS = 5_000;

/**
 * Watches the disk of an embedded database that is in use. PGlite waits for ever in the statement that finds no room, so
 * whoever runs it is to end before that.
 *
 * @throws ElwatchError `disk-full` once less than `LEAST_ROOM` is left, and nothing before `stop` is aborted
 */
export async function untilFull(directory: string, stop: AbortSignal): Promise<void> {
  while (!stop.aborted) {
    const left = roomIn(directory);
    if (left < LEAST_ROOM) throw diskFull(`The embedded database in ${directory} cannot go on`, left);
    await sleep(LOOK_MS, undefined, { signal: stop, ref: false }).catch(() => undefined);
  }
}
