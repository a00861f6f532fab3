import { setTimeout as sleep } from 'node:timers/promises';

/** Waits until something is so; fails with what it waited for. */
export async function until(
  what: string,
  done: () => boolean | Promise<boolean>,
  seconds = 30,
): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await done())) {
    if (Date.now() > end) throw new Error(`waited ${seconds} s for ${what}`);
    await sleep(25);
  }
}
