/** A link to a page of a long result. */
export interface PageLink {
  href: string;
  text: string;
  label: string;
  isCurrent: boolean;
}

/** A part of a template: the links below a result that goes on. */
export const PAGE_LINKS = `<% const pageLinks = (pages, label) => { if (pages.length) { %><nav class="pages" aria-label="<%= label %>"><ul>
<% for (const one of pages) { %><li><a href="<%= one.href %>"<% if (one.label) { %> aria-label="<%= one.label %>"<% } %><% if (one.isCurrent) { %> aria-current="page"<% } %>><%= one.text %></a></li>
<% } %></ul></nav><% } } %>`;

/** What of a long result stands on a page that was asked for; behind the last one, the last one. Pages count from 1. */
export function cutPage<Row>(
  rows: readonly Row[],
  page: number,
  perPage: number,
): { shown: readonly Row[]; from: number; current: number; last: number } {
  const last = Math.max(1, Math.ceil(rows.length / perPage));
  const current = Math.min(page, last);
  const from = (current - 1) * perPage;
  return { shown: rows.slice(from, from + perPage), from, current, last };
}

/** Links to the pages around one, the first and the last; none where there is one page alone. */
export function pageLinks(current: number, last: number, hrefOf: (page: number) => string): PageLink[] {
  if (last === 1) return [];
  const near = [1, current - 2, current - 1, current, current + 1, current + 2, last];
  const numbers = [...new Set(near.filter((page) => page >= 1 && page <= last))].sort((a, b) => a - b);
  const step = (page: number, text: string) => ({ href: hrefOf(page), text, label: '', isCurrent: false });
  return [
    ...(current > 1 ? [step(current - 1, 'Back')] : []),
    ...numbers.map((page) => ({
      ...step(page, String(page)),
      label: `Page ${page}`,
      isCurrent: page === current,
    })),
    ...(current < last ? [step(current + 1, 'Next')] : []),
  ];
}
