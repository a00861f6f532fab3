import { fileURLToPath } from 'node:url';
import { ElwatchError } from '../errors.ts';
import { createParser, type Parser, type ReaderName } from '../parser.ts';
import { openThread, type Thread } from '../thread.ts';

const THREAD_MB = 512;
/** A rule takes a fiftieth of a second, the worst text of 32 MB that we know of takes some. */
const TIMEOUT_MS = 30_000;
/** Polls come each minute and mostly have nothing to read, so that the memory is given back between them. */
const IDLE_MS = 5_000;

/**
 * Reads in threads, so that no text keeps pages, mail and the locks of jobs waiting, whatever is in it; and a text
 * that takes too much memory or time costs its thread and nothing else. One text is read at a time, and beside it one
 * for a page, which waits for no other. A thread is started when there is something to read, and ends soon after.
 *
 * Beside what the readers throw, each throws ElwatchError `reading-gave-up`, `parser-failed` for a fault of ours, and
 * `closing` once it was closed.
 */
export function openParserThread({ timeoutMs = TIMEOUT_MS } = {}): Parser & { close(): Promise<void> } {
  const [route, pages] = [openLane(timeoutMs), openLane(timeoutMs)];
  return {
    ...createParser((name, asked) => (name === 'instructions' ? pages : route).read(name, asked)),
    async close() {
      await Promise.all([route.close(), pages.close()]);
    },
  };
}

interface Lane {
  read(name: ReaderName, asked: unknown[]): Promise<unknown>;
  close(): Promise<void>;
}

/** Reads one text after the other. */
function openLane(timeoutMs: number): Lane {
  const module = fileURLToPath(new URL('./parser-thread.ts', import.meta.url));
  let thread: Thread | null = null;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();
  let isClosed = false;

  const end = async () => {
    clearTimeout(idle);
    const ended = thread;
    thread = null;
    await ended?.close();
  };
  const readNow = async (name: ReaderName, asked: unknown[]) => {
    if (isClosed) throw closing();
    clearTimeout(idle);
    thread ??= openThread(module, { memoryMb: THREAD_MB, timeoutMs });
    try {
      return await thread.ask({ name, asked });
    } catch (cause) {
      if (isClosed) throw closing();
      if (!(cause instanceof ElwatchError)) throw cause;
      if (cause.code === 'internal')
        throw new ElwatchError('parser-failed', cause.message, {
          retry: true,
          hint: 'it is tried again; where it stays, a person has to look, and please report it',
          cause,
        });
      if (cause.code !== 'thread-ended') throw cause;
      await end();
      throw new ElwatchError('reading-gave-up', `reading the text was given up: ${cause.message}`, {
        retry: true,
        hint: `a text has ${timeoutMs / 1000} s and ${THREAD_MB} MB; it is tried again, and where it stays so, look at it`,
        cause,
      });
    } finally {
      if (thread !== null) idle = setTimeout(() => void end(), IDLE_MS).unref();
    }
  };
  return {
    read(name, asked) {
      const reading = last.then(() => readNow(name, asked));
      last = reading.catch(() => undefined);
      return reading;
    },
    async close() {
      isClosed = true;
      await end();
    },
  };
}

function closing(): ElwatchError {
  return new ElwatchError('closing', 'reading a text was given up at shutdown', {
    retry: true,
    hint: 'nothing to do: it is read at the next start',
  });
}
