import { ElwatchError } from '../errors.ts';
import { shown } from './allowed-url.ts';

/** The error for a request that got no answer, or not the whole of one. */
export function transportError(
  error: unknown,
  at: { url: URL; timedOut: boolean; inBody: boolean; timeoutMs: number },
): ElwatchError {
  const of = error as { code?: unknown; message?: unknown; cause?: { code?: unknown } } | null;
  const code = String(of?.code ?? of?.cause?.code ?? of?.message ?? error).slice(0, 100);
  if (at.timedOut || /^UND_ERR_(CONNECT|HEADERS|BODY)_TIMEOUT$/u.test(code))
    return new ElwatchError(
      'timeout',
      `${shown(at.url)} did not answer in time (${at.timedOut ? `${at.timeoutMs} ms` : code})`,
      {
        retry: true,
        hint: 'try again later; full texts can take ten seconds and more',
        cause: error,
      },
    );
  if (at.inBody && /^(Z_DATA_ERROR|Z_NEED_DICT|ERR__ERROR_|ERR_BROTLI)/u.test(code))
    return new ElwatchError('body-corrupt', `the body of ${shown(at.url)} cannot be decoded (${code})`, {
      retry: true,
      hint: 'try again later',
      cause: error,
    });
  if (at.inBody)
    return new ElwatchError('body-truncated', `the body of ${shown(at.url)} was cut short (${code})`, {
      retry: true,
      hint: 'try again later',
      cause: error,
    });
  return new ElwatchError('network-error', `${shown(at.url)} cannot be reached (${code})`, {
    retry: true,
    hint: 'check the network, DNS and proxy of this machine',
    cause: error,
  });
}
