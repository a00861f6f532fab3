import { ElwatchError } from '../errors.ts';

/** The error for an answer that came whole and does not say what the interface promises. */
export function unexpectedAnswer(message: string, cause?: unknown): ElwatchError {
  return new ElwatchError('unexpected-answer', message, {
    retry: true,
    hint: 'try again later; where it stays, the interface has changed: compare the answer with its documentation',
    cause,
  });
}
