import { fileURLToPath } from 'node:url';
import { ElwatchError } from '../errors.ts';
import { createParser, type Parser, type ReaderName } from '../parser.ts';
import { openThread, type Thread } from '../thread.ts';

const THREAD_MB = 1_024;
/** A rule takes a fiftieth of a second, the worst text of 32 MB that we know of takes some. */
const TIMEOUT_MS = 30_000;
/** Polls come each minute and mostly have nothing to read, so that the memory is given back between them. */
const IDLE_MS = 5_000;

/**
 * Reads in a thread, so that no text keeps pages, mail and the locks of jobs waiting, whatever is in it; and a text
 * that takes too much memory or time costs that thread and nothing else. One text is read at a time. The thread is
 * started when there is something to read, and ends soon after.
 *
 * Beside what the readers throw, each throws ElwatchError `reading-gave-up`.
 */
export function openParserThread({ timeoutMs = TIMEOUT_MS } = {}): Parser & { close(): Promise<void> } {
  const module = fileURLToPath(new URL('./parser-thread.ts', import.meta.url));
  let thread: Thread | null = null;
  let idle: NodeJS.Timeout | undefined;
  let last: Promise<unknown> = Promise.resolve();

  const end = async () => {
    clearTimeout(idle);
    const ended = thread;
    thread = null;
    await ended?.close();
  };
  const read = async (name: ReaderName, asked: unknown[]) => {
    clearTimeout(idle);
    thread ??= openThread(module, { memoryMb: THREAD_MB, timeoutMs });
    try {
      return await thread.ask({ name, asked });
    } catch (cause) {
      if (!(cause instanceof ElwatchError) || cause.code !== 'thread-ended') throw cause;
      await end();
      throw new ElwatchError(
        'reading-gave-up',
        'reading the text takes more memory or time than it is given',
        {
          retry: true,
          hint: 'it is tried again; where it stays, look at the text: none of the Federal Register is like that',
          cause,
        },
      );
    } finally {
      idle = setTimeout(() => void end(), IDLE_MS).unref();
    }
  };
  return {
    ...createParser((name, asked) => {
      const asking = last.then(() => read(name, asked));
      last = asking.catch(() => undefined);
      return asking;
    }),
    close: end,
  };
}
