import { ElwatchError } from '../errors.ts';

/** A file that cannot be taken at all, whatever its rows are. */
export function refuse(code: string, message: string, hint: string, cause?: unknown): ElwatchError {
  return new ElwatchError(code, message, { retry: false, hint, ...(cause === undefined ? {} : { cause }) });
}
