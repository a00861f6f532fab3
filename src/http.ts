import { setTimeout as wait } from 'node:timers/promises';
import { Agent, type Dispatcher, request } from 'undici';
import { ElwatchError } from './errors.ts';
import { allowedUrl, shown } from './http/allowed-url.ts';
import { createAskedToWait, isLongWait } from './http/asked-to-wait.ts';
import { readBody, readHead } from './http/body.ts';
import { assertWanted, refusal } from './http/judge-answer.ts';
import { createPace } from './http/pace.ts';
import { transportError } from './http/transport-error.ts';

export type { Refusal } from './http/judge-answer.ts';

export interface HttpOptions {
  /** Base addresses from the configuration; their origins may be asked, whatever they are. */
  bases: readonly string[];
  version: string;
  /** BASE_URL or another way to reach who runs this; goes into the User-Agent. */
  contact: string;
  /** Requests a second per group of hosts: in total (5), and for XML (1). Infinity paces nothing. */
  pace?: { perSecond?: number; xmlPerSecond?: number };
  /** Tries in all (3), the pause before the next one, and how to pause. */
  retry?: { attempts?: number; delayMs?(tried: number): number; sleep?(ms: number): Promise<unknown> };
  timeouts?: { connectMs?: number; headersMs?: number; bodyMs?: number };
}

export interface GetOptions {
  accept: 'json' | 'xml' | 'csv' | 'text';
  /** Cap of the body after decoding. */
  maxBytes: number;
  /** For one try from its first byte sent to its last one read, redirects included; queueing is not. */
  timeoutMs: number;
  /** Names in lower case. */
  headers?: Record<string, string>;
  /** Tries in all, where others are wanted than of all requests. */
  attempts?: number;
}

export interface HttpAnswer {
  /** Where the answer came from, after redirects. */
  url: string;
  status: number;
  contentType: string;
  /** Names in lower case. */
  headers: Record<string, string>;
  /** The body, decoded. */
  bytes: Buffer;
}

export interface Http {
  /** As every request says it: `entity-list-watch/0.1.0 (+https://…)`. */
  readonly userAgent: string;
  get(url: string, options: GetOptions): Promise<HttpAnswer>;
  /** Gives up what is under way (`closing`). */
  close(): Promise<void>;
}

const MOST_REDIRECTS = 5;
const REDIRECTS = new Set([301, 302, 303, 307, 308]);
const MEDIA_TYPE = {
  json: 'application/json',
  xml: 'application/xml, text/xml;q=0.9',
  csv: 'text/csv',
  text: 'text/plain',
};
/** Pressing on against a block prolongs it, and a loop does not open in a second: these wait for the queue. */
const NOT_AT_ONCE = new Set(['blocked-by-upstream', 'redirect-loop', 'closing']);

/**
 * Opens the one door to the upstream sites. It goes only to the configured bases and, by https, to
 * federalregister.gov, govinfo.gov and ecfr.gov; keeps their pace (sources, §1.9); and never takes a bad
 * answer for a good one.
 *
 * `get` throws ElwatchError: `host-not-allowed`, `redirect-loop`, `body-too-large`, `body-truncated`,
 * `body-corrupt`, `body-empty`, `blocked-by-upstream`, `wrong-content-type`, `http-<status>`, `timeout`,
 * `network-error`, `upstream-waits`, `closing`.
 */
export function createHttp(options: HttpOptions): Http {
  const { connectMs = 10_000, headersMs = 60_000, bodyMs = 30_000 } = options.timeouts ?? {};
  const { attempts = 3, delayMs = (tried: number) => 2 ** tried * 500 * (0.5 + Math.random()) } =
    options.retry ?? {};
  const agent = new Agent({
    connect: { timeout: connectMs },
    headersTimeout: headersMs,
    bodyTimeout: bodyMs,
    connections: 4,
  });
  const origins = new Set(options.bases.map((base) => new URL(base).origin));
  const contact = options.contact.replace(/[^\x21-\x7e]|[()]/gu, '');
  const userAgent = `entity-list-watch/${options.version} (+${contact})`;
  const closing = new AbortController();
  const sleep = options.retry?.sleep ?? ((ms: number) => wait(ms, undefined, { signal: closing.signal }));
  const paceAll = createPace(options.pace?.perSecond ?? 5, closing.signal);
  const paceXml = createPace(options.pace?.xmlPerSecond ?? 1, closing.signal);
  const askedToWait = createAskedToWait();

  async function get(address: string, of: GetOptions): Promise<HttpAnswer> {
    for (let tried = 1; ; tried++) {
      try {
        return await follow(address, of);
      } catch (error) {
        if (closing.signal.aborted) throw closed(address);
        if (!(error instanceof ElwatchError) || !error.retry || NOT_AT_ONCE.has(error.code)) throw error;
        const asked = error.retryAfterSeconds ?? 0;
        if (tried >= (of.attempts ?? attempts) || isLongWait(asked)) throw error;
        await sleep(Math.max(asked * 1000, delayMs(tried))).catch(() => Promise.reject(closed(address)));
      }
    }
  }

  /** One try: the address, and wherever it redirects to. */
  async function follow(address: string, of: GetOptions): Promise<HttpAnswer> {
    let url = allowedUrl(address, origins);
    let left = of.timeoutMs;
    for (let hop = 0; hop <= MOST_REDIRECTS; hop++) {
      if (of.accept === 'xml') await paceXml(url);
      await paceAll(url);
      askedToWait.check(url);
      const begun = Date.now();
      const answer = await ask(url, of, Math.max(1, left));
      if (!(answer instanceof URL)) return answer;
      left -= Date.now() - begun;
      url = allowedUrl(answer.href, origins);
    }
    throw new ElwatchError('redirect-loop', `more than ${MOST_REDIRECTS} redirects from ${shown(address)}`, {
      retry: true,
      hint: 'open the address in a browser; the site may be moving',
    });
  }

  /** One request: its answer, or where it redirects to. */
  async function ask(url: URL, of: GetOptions, timeoutMs: number): Promise<HttpAnswer | URL> {
    const deadline = AbortSignal.timeout(timeoutMs);
    let answer: Dispatcher.ResponseData | null = null;
    try {
      answer = await request(url, {
        dispatcher: agent,
        signal: AbortSignal.any([deadline, closing.signal]),
        headers: {
          'user-agent': userAgent,
          accept: MEDIA_TYPE[of.accept],
          'accept-encoding': 'gzip',
          ...of.headers,
        },
      });
      // A body that is given up says so in an event; without a listener that would end the process.
      answer.body.on('error', () => {});
      const headers = flatten(answer.headers);
      const status = answer.statusCode;
      if (REDIRECTS.has(status) && headers.location !== undefined && URL.canParse(headers.location, url.href))
        return new URL(headers.location, url);
      if (status !== 200) {
        const refused = refusal(url, status, headers, await readHead(answer.body, headers));
        askedToWait.note(url, refused);
        throw refused;
      }
      const bytes = await readBody(answer.body, headers, of.maxBytes, url);
      const contentType = headers['content-type'] ?? '';
      assertWanted(url, of.accept, contentType, bytes);
      return { url: url.href, status, contentType, headers, bytes };
    } catch (error) {
      if (error instanceof ElwatchError) throw error;
      throw transportError(error, { url, timedOut: deadline.aborted, inBody: answer !== null, timeoutMs });
    } finally {
      answer?.body.destroy();
    }
  }

  return {
    userAgent,
    get,
    close: async () => {
      closing.abort();
      await agent.destroy();
    },
  };
}

/**
 * Gets JSON.
 *
 * @throws ElwatchError as `Http.get` does, and `invalid-json`
 */
export async function getJson(
  http: Http,
  url: string,
  options: Omit<GetOptions, 'accept'>,
): Promise<{ value: unknown; answer: HttpAnswer }> {
  const answer = await http.get(url, { ...options, accept: 'json' });
  try {
    return { value: JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(answer.bytes)), answer };
  } catch (cause) {
    throw new ElwatchError(
      'invalid-json',
      `${shown(url)} answered with ${answer.bytes.length} bytes that are not JSON`,
      {
        retry: true,
        hint: 'try again later; the answer may have been cut on its way',
        cause,
      },
    );
  }
}

function closed(address: string): ElwatchError {
  return new ElwatchError('closing', `the request to ${shown(address)} was given up at shutdown`, {
    retry: true,
    hint: 'nothing to do: it runs again at the next start',
  });
}

function flatten(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
  );
}
