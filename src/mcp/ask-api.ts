import { randomBytes } from 'node:crypto';
import { createApiActions } from '../api-actions.ts';
import { ElwatchError } from '../errors.ts';
import type { Parts } from '../parts.ts';
import { createReader } from '../reader.ts';
import { createWebServer } from '../web/server.ts';

export interface ApiQuestion {
  /** Below /api/v1. */
  path: string;
  /** Undefined ones are left out. */
  query?: Record<string, string | number | undefined>;
  /** Makes it a POST. */
  body?: object;
}

/** Asks the API; throws what it refuses, as an ElwatchError `api-refused`. */
export type AskApi = (question: ApiQuestion) => Promise<Record<string, unknown>>;

/** Most that a question over the network takes. */
export const TIMEOUT_MS = 60_000;
/** Two hundred entries have some 200 kB. */
const MOST_BYTES = 8_000_000;

/** The API over live parts, in this process: what it checks and how it answers is the same as by HTTP. */
export function openLocalApi(parts: Parts, version: string): { ask: AskApi; close(): Promise<void> } {
  const adminToken = randomBytes(24).toString('base64url');
  const server = createWebServer({
    reader: createReader(parts.db),
    baseUrl: parts.baseUrl,
    api: {
      db: parts.db,
      secrets: parts.secrets,
      now: parts.now,
      version,
      adminToken,
      requiresToken: false,
      perMinute: 6_000,
      actions: createApiActions(parts),
    },
  });
  return {
    async ask(question) {
      const { body } = question;
      const answer = await server.inject({
        method: body === undefined ? 'GET' : 'POST',
        url: addressOf(question),
        headers: { authorization: `Bearer ${adminToken}` },
        ...(body === undefined ? {} : { payload: body }),
      });
      return readAnswer(answer.statusCode, answer.body);
    },
    close: () => server.close(),
  };
}

/** The API of a service that runs, here or elsewhere. */
export function createRemoteApi(baseUrl: string, token: string | null): AskApi {
  const root = baseUrl.replace(/\/+$/u, '');
  return async (question) => {
    const { body } = question;
    const request: RequestInit = {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        accept: 'application/json',
        ...(token === null ? {} : { authorization: `Bearer ${token}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      // A token is for this service, and not for where it might send us.
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    };
    try {
      const answer = await fetch(`${root}${addressOf(question)}`, request);
      return readAnswer(answer.status, await readText(answer));
    } catch (cause) {
      if (cause instanceof ElwatchError) throw cause;
      throw new ElwatchError('api-unreachable', `${root} does not answer, or broke off`, {
        retry: true,
        hint: 'Check the address, and that the service runs.',
        cause,
      });
    }
  };
}

/** The address may lead to anything, which need not end. */
async function readText(answer: Response): Promise<string> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  for await (const part of answer.body ?? []) {
    bytes += part.length;
    if (bytes > MOST_BYTES)
      throw new ElwatchError('api-refused', `the answer has more than ${MOST_BYTES} bytes`, {
        retry: false,
        hint: 'Ask for fewer items, and check that the address is one of Entity List Watch.',
      });
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
}

function addressOf({ path, query = {} }: ApiQuestion): string {
  const given = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) given.set(name, String(value));
  const search = given.toString();
  return `/api/v1${path}${search === '' ? '' : `?${search}`}`;
}

function readAnswer(status: number, text: string): Record<string, unknown> {
  let read: { title?: string; detail?: string };
  try {
    read = JSON.parse(text);
  } catch (cause) {
    throw new ElwatchError('api-refused', `the service answered ${status} and no JSON`, {
      retry: status >= 500,
      hint: 'Check that the address is one of Entity List Watch.',
      cause,
    });
  }
  if (status === 200) return read as Record<string, unknown>;
  throw new ElwatchError('api-refused', read.title ?? `the service answered ${status}`, {
    retry: status === 429 || status >= 500,
    hint: read.detail ?? '',
  });
}
