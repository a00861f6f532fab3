/** Of a long list that has a form or a block of text in each row. */
export const ROWS_PER_PAGE = 30;

/** The page of a list that an address asks for, from 1; what is no page is the first. */
export function readPage(query: unknown, name = 'page'): number {
  const asked = (query as Record<string, unknown>)[name];
  return typeof asked === 'string' && /^[1-9]\d{0,5}$/u.test(asked) ? Number(asked) : 1;
}

/**
 * A page of a list of which the store tells how long it is: behind the last page, the last one, since lists grow
 * shorter while somebody reads.
 */
export async function readRows<Row>(
  query: unknown,
  total: number,
  rows: (range: { limit: number; offset: number }) => Promise<readonly Row[]>,
  name?: string,
): Promise<{ rows: readonly Row[]; page: number; last: number; total: number }> {
  const last = Math.max(1, Math.ceil(total / ROWS_PER_PAGE));
  const page = Math.min(readPage(query, name), last);
  const range = { limit: ROWS_PER_PAGE, offset: (page - 1) * ROWS_PER_PAGE };
  return { rows: await rows(range), page, last, total };
}
