import { setImmediate as turn } from 'node:timers/promises';

/**
 * Makes one look of many: whoever asks while one is under way waits for the next, which all of them share. A look that
 * began before a question may have missed what was there when it was asked, so nobody is given that one.
 */
export function shareLooks<T>(look: () => Promise<T>): () => Promise<T> {
  let current: Promise<unknown> = Promise.resolve();
  let next: Promise<T> | null = null;
  return () => {
    if (next === null) {
      const begin = async () => {
        // What came on other connections in the same turn shares it too.
        await turn();
        next = null;
        return look();
      };
      next = current.then(begin, begin);
      current = next;
    }
    return next;
  };
}
