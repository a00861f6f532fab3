import { ElwatchError } from '../errors.ts';
import { shown } from './allowed-url.ts';
import { HEAD_BYTES } from './body.ts';

/** What the other side said with a refusal; the `cause` of an `http-…` error. `message` is null for a page. */
export interface Refusal {
  status: number;
  message: string | null;
}

const LONGEST_RETRY_AFTER_SECONDS = 3600;

const isRequestAccess = (page: string) =>
  /<title[^<>]{0,200}>\s*Federal Register :: Request Access/iu.test(page);

function blocked(url: URL, status: number, retryAfterSeconds: number | null): ElwatchError {
  return new ElwatchError(
    'blocked-by-upstream',
    `${shown(url)} answered ${status} with a page for people instead of data`,
    {
      retry: true,
      hint: 'slow down, and set BASE_URL or a contact so that the User-Agent says who asks; some hosting networks are blocked',
      retryAfterSeconds,
    },
  );
}

/**
 * Makes sure that a 200 carries what was asked for: the edge of federalregister.gov answers pages with 200 too
 * (sources, §1.9).
 *
 * @throws ElwatchError `body-empty`, `blocked-by-upstream`, `wrong-content-type`
 */
export function assertWanted(
  url: URL,
  accept: 'json' | 'xml' | 'csv' | 'text',
  contentType: string,
  bytes: Buffer,
): void {
  const page = bytes
    .subarray(0, HEAD_BYTES)
    .toString('utf8')
    .replace(/^\uFEFF/u, '')
    .trimStart();
  if (page === '')
    throw new ElwatchError('body-empty', `${shown(url)} answered with an empty body`, {
      retry: true,
      hint: 'try again later',
    });
  if (/html/iu.test(contentType) || /^<(!doctype html|html)\b/iu.test(page) || isRequestAccess(page))
    throw blocked(url, 200, null);
  const looksRight =
    accept === 'json' ? /^[[{]/u.test(page) : accept === 'xml' ? page.startsWith('<') : !page.includes('\0');
  const unlabelled =
    contentType === '' || /^(text\/plain|(?:application|binary)\/octet-stream)\b/iu.test(contentType);
  const labelled = accept !== 'text' && new RegExp(`\\b${accept}\\b`, 'iu').test(contentType);
  if (labelled || (unlabelled && looksRight)) return;
  throw new ElwatchError(
    'wrong-content-type',
    `${shown(url)} answered with ${contentType.slice(0, 80) || 'no content type'}, not ${accept}`,
    {
      retry: true,
      hint: 'open the address; a proxy on the way may answer in place of the site',
    },
  );
}

/** The error for an answer that is not a 200; `cause` is a Refusal. */
export function refusal(
  url: URL,
  status: number,
  headers: Record<string, string>,
  page: string,
): ElwatchError {
  const retryAfterSeconds = readRetryAfter(headers['retry-after']);
  if (isRequestAccess(page)) return blocked(url, status, retryAfterSeconds);
  const message = readUpstreamMessage(page);
  const cause: Refusal = { status, message };
  const retry = status === 408 || status === 429 || status >= 500 || (status > 200 && status < 300);
  const hints: Record<number, string> = {
    400: 'the request itself is at fault; the message names the parameter',
    403: 'the site refuses this network or User-Agent; look at it from another place',
    404: 'it is not there (any more)',
    406: 'the site wants gzip and a User-Agent like that of a browser',
    429: 'wait as long as Retry-After says, and ask less often',
  };
  return new ElwatchError(
    `http-${status}`,
    `${shown(url)} answered ${status}${message === null ? '' : `: ${message}`}`,
    {
      retry,
      hint: hints[status] ?? (retry ? 'try again later' : 'open the address and compare'),
      retryAfterSeconds,
      cause,
    },
  );
}

/** The message in either shape of the API's errors (sources, §1.9): `{message}` or `{errors: {field: text}}`. */
function readUpstreamMessage(page: string): string | null {
  try {
    const body = JSON.parse(page) as { message?: unknown; error?: unknown; errors?: unknown } | null;
    const said =
      typeof body?.errors === 'object' && body.errors !== null
        ? Object.entries(body.errors)
            .map(([key, value]) => `${key}: ${String(value)}`)
            .join('; ')
        : (body?.message ?? body?.errors ?? body?.error);
    return typeof said === 'string' ? said.replace(/[\p{Cc}\s]+/gu, ' ').slice(0, 300) : null;
  } catch {
    return null;
  }
}

/** Seconds to wait: RFC 9110 §10.2.3, both forms, capped at an hour. */
function readRetryAfter(value: string | undefined): number | null {
  if (value === undefined) return null;
  const seconds = /^\s*\d+\s*$/u.test(value)
    ? Number(value)
    : Math.ceil((Date.parse(value) - Date.now()) / 1000);
  return Number.isNaN(seconds) ? null : Math.min(Math.max(seconds, 0), LONGEST_RETRY_AFTER_SECONDS);
}
