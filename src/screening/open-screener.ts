import { setImmediate as nextTurn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { buildNameIndex } from '../screen/name-index.ts';
import { screen } from '../screen/screen.ts';
import type { Hit, Subject } from '../screen/subject.ts';
import { openThread } from '../thread.ts';

/** Entries, prepared to be compared with counterparties. */
export interface Screener {
  screen(queries: readonly Subject[], threshold: number): Promise<Hit[]>;
  close(): Promise<void>;
}

/** From so many names on, a thread costs less than what it saves others from waiting for. */
const THREAD_FROM = 1_000;
/** Names that are compared before others get a turn: a few milliseconds. */
const SLICE = 8;
const THREAD_MB = 1_024;
/** For one page of names; the first waits for the index too. */
const TIMEOUT_MS = 120_000;

/**
 * Prepares entries for screening `names` counterparties: in a thread of its own where they are many, so that the
 * pages and feeds of this process are answered meanwhile.
 */
export function openScreener(entries: readonly Subject[], { names }: { names: number }): Screener {
  if (names < THREAD_FROM) {
    const index = buildNameIndex(entries);
    return {
      async screen(queries, threshold) {
        const hits: Hit[] = [];
        for (let start = 0; start < queries.length; start += SLICE) {
          hits.push(...screen(index, queries.slice(start, start + SLICE), { threshold }));
          await nextTurn();
        }
        return hits;
      },
      close: async () => {},
    };
  }
  const module = fileURLToPath(new URL('./screen-thread.ts', import.meta.url));
  const thread = openThread(module, { memoryMb: THREAD_MB, timeoutMs: TIMEOUT_MS });
  const opening = thread.ask({ entries });
  // Whoever asks first meets its failure.
  opening.catch(() => undefined);
  return {
    async screen(queries, threshold) {
      await opening;
      return (await thread.ask({ queries, threshold })) as Hit[];
    },
    close: () => thread.close(),
  };
}
