import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, Worker } from 'node:worker_threads';
import { ElwatchError, errorLine } from './errors.ts';

/** A thread that answers questions, so that long work does not keep the event loop from serving others. */
export interface Thread {
  /**
   * @throws ElwatchError of the thread, or `thread-ended` where it died, ran out of memory or took too long
   */
  ask(question: unknown): Promise<unknown>;
  close(): Promise<void>;
}

interface Question {
  id: number;
  question: unknown;
}

type Answer =
  | { id: number; answer: unknown }
  | { id: number; error: { code: string; message: string; hint: string; retry: boolean } };

/**
 * Starts a module that calls `serveThread`.
 *
 * @param module path of its file
 */
export function openThread(
  module: string,
  { memoryMb, timeoutMs }: { memoryMb: number; timeoutMs: number },
): Thread {
  const worker = new Worker(new URL('./thread-start.mjs', import.meta.url), {
    workerData: { module: pathToFileURL(module).href },
    resourceLimits: { maxOldGenerationSizeMb: memoryMb },
    // Loaders of the parent (of a test runner, say) mean nothing there.
    execArgv: [],
  });
  const waiting = new Map<number, { resolve(answer: unknown): void; reject(error: unknown): void }>();
  let asked = 0;
  let ended: ElwatchError | null = null;
  const end = (why: string, cause?: unknown) => {
    ended ??= new ElwatchError('thread-ended', `the thread of ${basename(module)} ended: ${why}`, {
      retry: true,
      hint: 'try again; where it stays, give it less to do at once',
      cause,
    });
    for (const { reject } of waiting.values()) reject(ended);
    waiting.clear();
  };
  worker.on('message', (message: Answer) => {
    const asker = waiting.get(message.id);
    waiting.delete(message.id);
    if ('answer' in message) asker?.resolve(message.answer);
    else asker?.reject(new ElwatchError(message.error.code, message.error.message, message.error));
  });
  worker.on('error', (error) => end(errorLine(error), error));
  worker.on('exit', (code) => end(`exit code ${code}`));

  return {
    ask(question) {
      if (ended !== null) return Promise.reject(ended);
      asked += 1;
      const id = asked;
      return new Promise((resolve, reject) => {
        // First, since what cannot be handed on throws here, and must leave no clock behind that ends the thread.
        worker.postMessage({ id, question } satisfies Question);
        const timer = setTimeout(() => {
          end(`no answer within ${timeoutMs / 1000} s`);
          void worker.terminate();
        }, timeoutMs);
        const done = () => clearTimeout(timer);
        waiting.set(id, {
          resolve: (answer) => {
            done();
            resolve(answer);
          },
          reject: (error) => {
            done();
            reject(error);
          },
        });
      });
    },
    async close() {
      end('closed');
      await worker.terminate();
    },
  };
}

/** The other side: answers each question, one after the other. */
export function serveThread(answer: (question: unknown) => Promise<unknown>): void {
  let last: Promise<void> = Promise.resolve();
  parentPort!.on('message', ({ id, question }: Question) => {
    last = last.then(async () => {
      try {
        parentPort!.postMessage({ id, answer: await answer(question) } satisfies Answer);
      } catch (error) {
        const { code, message, hint, retry } =
          error instanceof ElwatchError
            ? error
            : { code: 'internal', message: errorLine(error), hint: 'please report it', retry: false };
        parentPort!.postMessage({ id, error: { code, message, hint, retry } } satisfies Answer);
      }
    });
  });
}
