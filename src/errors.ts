/**
 * The one error type of the product. `code` is for grep and for machines, `message` says what went wrong
 * and where, `hint` says what to do next, and `retry` whether the same call may succeed later.
 */
export class ElwatchError extends Error {
  override readonly name = 'ElwatchError';
  readonly code: string;
  readonly retry: boolean;
  readonly hint: string;
  /** Seconds that the other side asked us to wait (Retry-After), or null. */
  readonly retryAfterSeconds: number | null;

  constructor(
    code: string,
    message: string,
    options: { retry: boolean; hint: string; retryAfterSeconds?: number | null; cause?: unknown },
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retry = options.retry;
    this.hint = options.hint;
    this.retryAfterSeconds = options.retryAfterSeconds ?? null;
  }
}

/** What anybody threw, in one line for a log or a ledger. */
export function errorLine(error: unknown): string {
  const text =
    error instanceof ElwatchError
      ? `${error.code}: ${error.message}`
      : error instanceof Error
        ? `${error.name}: ${error.message}`
        : String(error);
  return text.replace(/\s+/gu, ' ').slice(0, 500);
}
