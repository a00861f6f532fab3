import { Readable } from 'node:stream';
import { Agent, type Dispatcher, request } from 'undici';
import { ElwatchError } from '../errors.ts';
import { type AllowHosts, judgeTarget } from './address-guard.ts';
import { createGuardedConnect, type Resolve } from './guarded-connect.ts';
import { readRetryAfter } from './retry-after.ts';

export interface GuardedPostOptions {
  allowHosts: AllowHosts;
  /** As every request says it: `entity-list-watch/0.1.0 (+https://…)`. */
  userAgent: string;
  /** For one message in all, from the name's resolution to the last byte read; 20 where it is not given. */
  timeoutSeconds?: number;
  /** For tests; the system's otherwise. */
  resolve?: Resolve;
}

/** What a target answered. */
export interface PostAnswer {
  status: number;
  /** The beginning of the body on one line, 300 characters at most. */
  text: string;
  retryAfterSeconds: number | null;
  /** The status with the beginning of the body, for the ledger. */
  outcome: string;
}

export interface GuardedPost {
  /**
   * Posts JSON to a target that was judged, and never follows a redirect. Any answer is returned, whatever its
   * status.
   *
   * @throws ElwatchError `invalid-target`, `target-not-public`, `target-unknown`; `target-timeout`, `target-network`
   *   where nothing was sent; `target-silent`, `target-dropped` where it may have been taken (`isPostAmbiguous`)
   */
  post(target: string, body: string, headers?: Record<string, string>): Promise<PostAnswer>;
  close(): Promise<void>;
}

const TIMEOUT_SECONDS = 20;
const MOST_ANSWER_BYTES = 64 * 1024;
const AMBIGUOUS = 'ambiguous: it may have taken the message';
/** Of one host at a time: a slow one gets no more of our sockets than this. */
const CONNECTIONS = 2;

/** Opens the one door to addresses that subscribers choose. */
export function createGuardedPost(options: GuardedPostOptions): GuardedPost {
  const { allowHosts, userAgent, timeoutSeconds = TIMEOUT_SECONDS } = options;
  const timeoutMs = timeoutSeconds * 1000;
  const agent = new Agent({
    connect: createGuardedConnect(options),
    connections: CONNECTIONS,
    headersTimeout: timeoutMs,
    bodyTimeout: timeoutMs,
  });
  return {
    async post(target, body, headers = {}) {
      const url = judgeTarget(target, allowHosts);
      const signal = AbortSignal.timeout(timeoutMs);
      let answer: Dispatcher.ResponseData | null = null;
      let isSent = false;
      // Read once there is a connection to send it by.
      const content = async function* () {
        isSent = true;
        yield bytes;
      };
      const bytes = Buffer.from(body);
      try {
        const pending = request(url, {
          dispatcher: agent,
          method: 'POST',
          signal,
          headers: {
            ...headers,
            'user-agent': userAgent,
            'content-type': 'application/json',
            'content-length': String(bytes.length),
          },
          body: Readable.from(content()),
        });
        // undici heeds the signal once a request has its connection; while it waits for one, we do.
        answer = await Promise.race([pending, rejectAt(signal)]);
        // A body that is given up says so in an event; without a listener that would end the process.
        answer.body.on('error', () => {});
        const text = oneLine(await readHead(answer.body));
        const retryAfter = answer.headers['retry-after'];
        return {
          status: answer.statusCode,
          text,
          retryAfterSeconds: readRetryAfter([retryAfter].flat()[0], Date.now()),
          outcome: `${answer.statusCode}${text === '' ? '' : `: ${text}`}`,
        };
      } catch (error) {
        throw toTargetError(error, url, { isSent, timedOut: signal.aborted, timeoutSeconds });
      } finally {
        answer?.body.destroy();
      }
    },
    close: () => agent.destroy(),
  };
}

function rejectAt(signal: AbortSignal): Promise<never> {
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true });
  });
}

/**
 * The beginning of an answer. The status has come by then and says whether the message was taken, so a body that
 * is endless, slow or cut is read as far as it goes: a failure here would send what was received once more.
 */
async function readHead(body: Dispatcher.ResponseData['body']): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MOST_ANSWER_BYTES) break;
    }
  } catch {
    // The status says enough.
  }
  return Buffer.concat(chunks).subarray(0, MOST_ANSWER_BYTES).toString('utf8');
}

function oneLine(text: string): string {
  return text
    .slice(0, 1_000)
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ')
    .trim()
    .slice(0, 300);
}

/** Whether a target may have taken the message although nothing was heard of it. */
export function isPostAmbiguous(error: unknown): boolean {
  return error instanceof ElwatchError && (error.code === 'target-silent' || error.code === 'target-dropped');
}

function toTargetError(
  error: unknown,
  url: URL,
  { isSent, timedOut, timeoutSeconds }: { isSent: boolean; timedOut: boolean; timeoutSeconds: number },
): ElwatchError {
  if (error instanceof ElwatchError) return error;
  const of = error as { code?: unknown; message?: unknown } | null;
  const code = oneLine(String(of?.code ?? of?.message ?? error)).slice(0, 100);
  // The path of a target can be a secret, so only the host is named.
  if (timedOut || /^UND_ERR_(?:CONNECT|HEADERS|BODY)_TIMEOUT$/u.test(code))
    return new ElwatchError(
      isSent ? 'target-silent' : 'target-timeout',
      `${url.host} did not answer within ${timeoutSeconds} s${isSent ? ` (${AMBIGUOUS})` : ''}`,
      {
        retry: true,
        hint: 'Answer first and work afterwards; the message will be sent again.',
        cause: error,
      },
    );
  return new ElwatchError(
    isSent ? 'target-dropped' : 'target-network',
    isSent
      ? `${url.host} ended the connection before it answered (${code}; ${AMBIGUOUS})`
      : `${url.host} cannot be reached (${code})`,
    {
      retry: true,
      hint: 'Check that the target is up and its certificate is valid; the message will be sent again.',
      cause: error,
    },
  );
}
