import type { Replacement } from './overrides.ts';

/** A slip of print in one document, known and looked at, with what is read in its place. */
export interface Oddity extends Replacement {
  number: string;
  publishedOn: string;
  /** Words of the source, which must stand there exactly once. */
  find: string;
  by: string;
  /** Why this and nothing else is meant, for whoever reads the row next. */
  reason: string;
}

/**
 * Oddities that the product ships with; what an operator decides is a row of the table `override`. A row here
 * needs a fixture of its document (`elwatch record`). None is known.
 */
const ODDITIES: readonly Oddity[] = [];

/** The oddities of one document, in the order in which they are applied: before any override. */
export function odditiesOf(number: string, publishedOn: string): Oddity[] {
  return ODDITIES.filter((one) => one.number === number && one.publishedOn === publishedOn);
}
