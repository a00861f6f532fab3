import { ElwatchError } from '../errors.ts';

/** Takes the lock and answers the function that gives it back. Throws `database-busy` after the wait. */
export type Mutex = () => Promise<() => void>;

/** A first-come, first-served lock with a bound on the wait, in milliseconds. */
export function createMutex(waitMs: number): Mutex {
  const waiting: (() => void)[] = [];
  let held = false;

  const release = (): void => {
    const next = waiting.shift();
    if (next === undefined) held = false;
    else next();
  };

  const releaseOnce = (): (() => void) => {
    let released = false;
    return () => {
      if (released) return;
      released = true;
      release();
    };
  };

  return () => {
    if (!held) {
      held = true;
      return Promise.resolve(releaseOnce());
    }
    return new Promise((resolve, reject) => {
      const enter = (): void => {
        clearTimeout(timer);
        resolve(releaseOnce());
      };
      const timer = setTimeout(() => {
        waiting.splice(waiting.indexOf(enter), 1);
        reject(busyError(waitMs));
      }, waitMs);
      waiting.push(enter);
    });
  };
}

function busyError(waitMs: number): ElwatchError {
  return new ElwatchError('database-busy', `Another transaction held the database for ${waitMs / 1000} s.`, {
    retry: true,
    hint: 'Try again. If it stays, a transaction is waiting for a statement outside itself: report it.',
  });
}
