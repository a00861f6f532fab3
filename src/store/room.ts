import { statfsSync } from 'node:fs';
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
