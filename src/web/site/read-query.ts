import { z } from 'zod';
import { isDay } from '../../days.ts';
import { CHANGE_KINDS, LIST_NAMES } from '../../model.ts';

/** The readers of filters that stand in the address of a page. */
export const listFilter = z.enum(LIST_NAMES, 'is none of our lists');
export const kindFilter = z.enum(CHANGE_KINDS, 'is no kind of change');
export const dayFilter = z.string().refine(isDay, 'must be a day, as 2025-03-28');
export const textFilter = z.string().max(200, 'must have 200 characters at most');
/** As "CN", or "UA-43" for a region. */
export const destinationFilter = z
  .string()
  .regex(/^[A-Z]{2}(?:-[A-Z0-9]{1,3})?$/u, 'must be a country code, as CN');

/**
 * The filters of a page. Forms send a field that was left empty as an empty text, which counts as none; what a page
 * does not know is left aside, since links gather marks on their way.
 *
 * @throws Error with `statusCode` 400 and a sentence for the reader
 */
export function readQuery<Shape extends z.ZodRawShape>(
  shape: Shape,
  query: unknown,
): z.output<z.ZodObject<Shape>> {
  const given = Object.entries(query as Record<string, unknown>).filter(
    ([, value]) => !(typeof value === 'string' && value.trim() === ''),
  );
  const read = z.object(shape).safeParse(Object.fromEntries(given));
  if (read.success) return read.data;
  const { path, message } = read.error.issues[0]!;
  throw Object.assign(new Error(`In the address of this page, “${path.join('.')}” ${wordsOf(message)}.`), {
    statusCode: 400,
  });
}

/** Our own messages are phrases; those of zod are no words for readers. */
function wordsOf(message: string): string {
  return /^(?:is|must)\b/u.test(message) ? message : 'has a value that cannot be read';
}
