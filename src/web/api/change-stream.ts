import type { Kysely } from 'kysely';
import { errorLine } from '../../errors.ts';
import type { TracedChange } from '../../model.ts';
import { latestSeq } from '../../store/changes.ts';
import { readChanges } from '../../store/read-changes.ts';
import type { Schema } from '../../store/schema.ts';

/** The changes as they come, for any number of listeners of this process. */
export interface ChangeStream {
  /** The next changes after a number, ascending: at once where there are some, else when they come; none at the end. */
  after(seq: number, signal: AbortSignal): Promise<readonly TracedChange[]>;
  close(): void;
}

interface Log {
  error(fields: object, message: string): void;
}

const PAGE = 200;
/** Changes that are kept for those who wait for them: of one rule, nobody asks the database twice. */
const MOST_RECENT = 1_000;

/**
 * Watches the table of changes while somebody waits. It asks for the last number once in a while, whatever process
 * wrote it; a thousand idle listeners cost as much as one.
 */
export function createChangeStream(
  db: Kysely<Schema>,
  { everyMs, log }: { everyMs: number; log: Log },
): ChangeStream {
  const waiting = new Set<() => void>();
  let recent: TracedChange[] = [];
  /** `recent` holds every change above this number up to `seen`. */
  let recentFrom = 0;
  let seen = -1;
  let timer: NodeJS.Timeout | null = null;
  let isClosed = false;

  const look = async () => {
    let isNews = false;
    try {
      const latest = await latestSeq(db);
      if (seen < 0) {
        seen = latest;
        recentFrom = latest;
        // What came between their question and this first look is in the database.
        isNews = true;
      }
      while (seen < latest) {
        const page = await readChanges(db, { after: seen, upTo: latest, limit: PAGE });
        recent.push(...page);
        isNews ||= page.length > 0;
        seen = page.length < PAGE ? latest : page.at(-1)!.seq;
      }
      if (recent.length > MOST_RECENT) {
        recent = recent.slice(-MOST_RECENT);
        recentFrom = recent[0]!.seq - 1;
      }
    } catch (error) {
      log.error({ error: errorLine(error) }, 'the stream of changes could not look for news');
    }
    if (isNews) for (const wake of waiting) wake();
    timer = waiting.size > 0 && !isClosed ? setTimeout(look, everyMs) : null;
    timer?.unref();
  };

  const have = async (seq: number): Promise<readonly TracedChange[]> => {
    if (seen >= 0 && seq >= recentFrom) return recent.filter((change) => change.seq > seq).slice(0, PAGE);
    return readChanges(db, { after: seq, limit: PAGE });
  };

  return {
    async after(seq, signal) {
      for (;;) {
        const found = await have(seq);
        if (found.length > 0 || signal.aborted || isClosed) return found;
        await new Promise<void>((resolve) => {
          const wake = () => {
            waiting.delete(wake);
            signal.removeEventListener('abort', wake);
            resolve();
          };
          waiting.add(wake);
          signal.addEventListener('abort', wake);
          timer ??= setTimeout(look, everyMs);
          timer.unref();
        });
      }
    },
    close() {
      isClosed = true;
      if (timer !== null) clearTimeout(timer);
      for (const wake of waiting) wake();
    },
  };
}
