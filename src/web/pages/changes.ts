import type { ChangeKind, ListName } from '../../model.ts';
import { template } from '../../render/template.ts';
import { countOf } from '../../render/words.ts';
import { layoutPage } from '../layout.ts';
import { renderChangeSetRows, type SummedUp } from './change-set-rows.ts';
import {
  addressOf,
  destinationOptions,
  kindOptions,
  listOptions,
  OPTIONS,
  type Option,
} from './filter-fields.ts';

/** The filters of the timeline, as they stand in its address. */
export interface ChangesFilters {
  list?: ListName | undefined;
  destination?: string | undefined;
  kind?: ChangeKind | undefined;
  from?: string | undefined;
  to?: string | undefined;
  effectiveFrom?: string | undefined;
  effectiveTo?: string | undefined;
  q?: string | undefined;
  before?: string | undefined;
}

const renderChanges = template<{
  filters: ChangesFilters;
  lists: Option[];
  kinds: Option[];
  destinations: Option[];
  count: string;
  rows: string;
  next: string;
  isFiltered: boolean;
}>(`${OPTIONS}<h1>Changes</h1>
<form class="filters" method="get" action="/changes" role="search" aria-label="Changes" data-live="#results">
<div class="wide"><label for="q">Name, address or title</label><input id="q" name="q" type="search" maxlength="200" value="<%= it.filters.q ?? '' %>"></div>
<div><label for="list">List</label><select id="list" name="list"><% choose(it.lists) %></select></div>
<div><label for="destination">Destination</label><select id="destination" name="destination"><% choose(it.destinations) %></select></div>
<div><label for="kind">Change</label><select id="kind" name="kind"><% choose(it.kinds) %></select></div>
<div><label for="from">Known from</label><input id="from" name="from" type="date" value="<%= it.filters.from ?? '' %>"></div>
<div><label for="to">Known to</label><input id="to" name="to" type="date" value="<%= it.filters.to ?? '' %>"></div>
<div><label for="effectiveFrom">Effective from</label><input id="effectiveFrom" name="effectiveFrom" type="date" value="<%= it.filters.effectiveFrom ?? '' %>"></div>
<div><label for="effectiveTo">Effective to</label><input id="effectiveTo" name="effectiveTo" type="date" value="<%= it.filters.effectiveTo ?? '' %>"></div>
<div><button type="submit">Show</button></div>
</form>
<div id="results">
<p role="status"><%= it.count %><% if (it.isFiltered) { %> <a href="/changes">Show all</a><% } %></p>
<% if (it.rows) { %><%~ it.rows %><% } else if (it.isFiltered) { %><p>No rule or notice meets these filters. Take one away, or <a href="/changes">show all</a>.</p><% } else { %><p>Nothing yet. A rule appears here within minutes of its filing.</p><% } %>
<% if (it.next) { %><p><a class="button quiet" href="<%= it.next %>">Earlier changes</a></p><% } %>
</div>
`);

/** The timeline of rules and notices, newest first. */
export function renderChangesPage(
  {
    rows,
    total,
    filters,
    codes,
    next,
  }: {
    rows: readonly SummedUp[];
    total: number;
    filters: ChangesFilters;
    /** Codes of the destinations to choose from. */
    codes: readonly string[];
    /** The change set behind which the next page begins. */
    next: string | null;
  },
  baseUrl: string,
): string {
  const content = renderChanges({
    filters,
    lists: listOptions(filters.list),
    kinds: kindOptions(filters.kind),
    destinations: destinationOptions(codes, filters.destination),
    count: `${countOf(total, 'rule or notice', 'rules and notices')}, the newest first.`,
    rows: rows.length === 0 ? '' : renderChangeSetRows(rows),
    next: next === null ? '' : addressOf('/changes', { ...filters, before: next }),
    isFiltered: Object.values(filters).some((value) => value !== undefined),
  });
  return layoutPage('Changes', content, baseUrl, { current: '/changes' });
}
