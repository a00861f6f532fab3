import { setTimeout as sleep } from 'node:timers/promises';
import { EventSource } from 'eventsource';
import type { Chaos } from './chaos.ts';

/** Somebody who reads the changes of a service that comes and goes. */
export interface FeedReader {
  /** Sequence numbers in the order in which they came. */
  seqs: number[];
  stop(): Promise<void>;
}

interface ChangesPage {
  changes: { seq: number; document: string | null }[];
  latest: number;
}

const LOOK_MS = 300;
const AGAIN_MS = 500;
/** The stream is left by its reader after so long, at most. */
const LONGEST_STREAM_MS = 8_000;

/** Follows `/changes` by `after`; tells of each document by its number, and counts the answers by status. */
export function followChanges(
  url: string,
  answers: Record<string, number>,
  onDocument: (number: string) => void,
): FeedReader {
  const seqs: number[] = [];
  let isOver = false;
  const look = async () => {
    for (let after = 0; !isOver; await sleep(LOOK_MS)) {
      const page = await fetch(`${url}/api/v1/changes?limit=100&after=${after}`, {
        signal: AbortSignal.timeout(20_000),
      })
        .then(async (answer) => {
          answers[answer.status] = (answers[answer.status] ?? 0) + 1;
          return answer.ok ? ((await answer.json()) as ChangesPage & { next: number | null }) : null;
        })
        .catch(() => {
          answers.none = (answers.none ?? 0) + 1;
          return null;
        });
      if (page === null) continue;
      for (const { seq, document } of page.changes) {
        seqs.push(seq);
        if (document !== null) onDocument(document);
      }
      after = page.next ?? page.latest;
    }
  };
  const looking = look();
  return {
    seqs,
    stop: async () => {
      isOver = true;
      await looking;
    },
  };
}

/** Listens to `/stream`, leaves it now and then, and comes back with the last number that it heard. */
export function listenToStream(url: string, chaos: Chaos): FeedReader {
  const seqs: number[] = [];
  let isOver = false;
  let timer: NodeJS.Timeout | undefined;
  let source: EventSource | null = null;
  const open = () => {
    if (isOver) return;
    const opened = new EventSource(`${url}/api/v1/stream?after=${seqs.at(-1) ?? 0}`);
    source = opened;
    opened.addEventListener('change', ({ lastEventId }) => void seqs.push(Number(lastEventId)));
    // One that was refused does not come back by itself.
    opened.addEventListener('error', () => {
      if (opened.readyState === EventSource.CLOSED && opened === source) reopen(AGAIN_MS);
    });
    timer = setTimeout(() => reopen(0), LONGEST_STREAM_MS * chaos.random('stream'));
  };
  const reopen = (afterMs: number) => {
    source?.close();
    clearTimeout(timer);
    timer = setTimeout(open, afterMs);
  };
  open();
  return {
    seqs,
    stop: async () => {
      isOver = true;
      clearTimeout(timer);
      source?.close();
    },
  };
}
