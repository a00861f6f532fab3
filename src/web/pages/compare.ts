import type { Difference } from '../../list/diff.ts';
import type { Change, ChangeKind, Entry, ListName } from '../../model.ts';
import { cleanLine, shorten } from '../../render/clean.ts';
import { countryName } from '../../render/country-name.ts';
import { dayInWords } from '../../render/date-facts.ts';
import { viewRevision } from '../../render/revision-view.ts';
import { template } from '../../render/template.ts';
import type { Segment } from '../../render/word-diff.ts';
import { countOf, LIST_TITLES } from '../../render/words.ts';
import { layoutPage } from '../layout.ts';
import { addressOf, listOptions, OPTIONS, type Option } from './filter-fields.ts';
import { entryPath } from './list.ts';
import { cutPage, PAGE_LINKS, type PageLink, pageLinks } from './page-links.ts';

export interface CompareFacts {
  list: ListName;
  /** Days; `from` is the earlier one. */
  from: string;
  to: string;
  today: string;
  /** Whether the days came in the other order. */
  isSwapped: boolean;
  /** First day on which the list is known; null where it never was loaded. */
  since: string | null;
  /** The list on both days; null where one of them has no answer. */
  compared: {
    before: readonly Entry[];
    after: readonly Entry[];
    differences: readonly ListDifference[];
  } | null;
  page: number;
}

export type ListDifference = Difference<Entry>;

/** What stands of one field on one of the days. */
interface Side {
  label: string;
  segments: Segment[];
}

interface Row {
  name: string;
  kind: string;
  tone: string;
  href: string;
  place: string;
  before: Side[];
  after: Side[];
}

interface View {
  lists: Option[];
  from: string;
  to: string;
  today: string;
  fromWords: string;
  toWords: string;
  status: string;
  notes: string[];
  counts: { place: string; before: number; added: number; removed: number; revised: number; after: number }[];
  caption: string;
  rows: Row[];
  pages: PageLink[];
  csvHref: string;
}

const ROWS_PER_PAGE = 100;
const MOST_LETTERS = 1_000;

const SIDE = `<% const side = (fields) => { for (const field of fields) { %><div><span class="soft"><%= field.label %></span> <% for (const one of field.segments) { if (one.mark === 'removed') { %><del><%= one.text %></del><% } else if (one.mark === 'added') { %><ins><%= one.text %></ins><% } else { %><%= one.text %><% } } %></div><% } } %>`;

const renderCompare = template<View>(`${OPTIONS}${PAGE_LINKS}${SIDE}<h1>Compare two days</h1>
<form class="filters" method="get" action="/compare" aria-label="Days to compare" data-live="#results">
<div><label for="list">List</label><select id="list" name="list"><% choose(it.lists) %></select></div>
<div><label for="from">From</label><input id="from" name="from" type="date" max="<%= it.today %>" value="<%= it.from %>"></div>
<div><label for="to">to</label><input id="to" name="to" type="date" max="<%= it.today %>" value="<%= it.to %>"></div>
<div><button type="submit">Compare</button></div>
</form>
<div id="results">
<p role="status"><%= it.status %></p>
<% for (const note of it.notes) { %><p class="notice"><%= note %></p><% } %>
<% if (it.rows.length) { %><ul class="actions"><li><a href="<%= it.csvHref %>">All differences as CSV</a></li></ul>
<h2>Under each destination</h2>
<table class="stack"><caption>Entries on both days, and what changed in between</caption>
<thead><tr><th scope="col">Destination</th><th scope="col" class="number"><%= it.fromWords %></th><th scope="col" class="number">Added</th><th scope="col" class="number">Removed</th><th scope="col" class="number">Revised</th><th scope="col" class="number"><%= it.toWords %></th></tr></thead><tbody>
<% for (const one of it.counts) { %><tr><th scope="row"><%= one.place %></th><td class="number" data-head="<%= it.fromWords %>"><%= one.before.toLocaleString('en-US') %></td><td class="number" data-head="Added"><%= one.added.toLocaleString('en-US') %></td><td class="number" data-head="Removed"><%= one.removed.toLocaleString('en-US') %></td><td class="number" data-head="Revised"><%= one.revised.toLocaleString('en-US') %></td><td class="number" data-head="<%= it.toWords %>"><%= one.after.toLocaleString('en-US') %></td></tr>
<% } %></tbody></table>
<h2>Entries that differ</h2>
<table class="stack"><caption><%= it.caption %></caption>
<thead><tr><th scope="col" class="third">Entry</th><th scope="col" class="third"><%= it.fromWords %></th><th scope="col" class="third"><%= it.toWords %></th></tr></thead><tbody>
<% for (const row of it.rows) { %><tr><th scope="row"><a class="title" href="<%= row.href %>"><%= row.name %></a> <span class="tag <%= row.tone %>"><%= row.kind %></span><div class="texts soft"><%= row.place %></div></th>
<td data-head="<%= it.fromWords %>"><% if (row.before.length) { side(row.before) } else { %><span class="soft">not on the list</span><% } %></td>
<td data-head="<%= it.toWords %>"><% if (row.after.length) { side(row.after) } else { %><span class="soft">not on the list</span><% } %></td></tr>
<% } %></tbody></table>
<% pageLinks(it.pages, 'Pages of the differences') %><% } %>
</div>
`);

/** The list on two days side by side. */
export function renderComparePage(facts: CompareFacts, baseUrl: string): string {
  const { list, from, to, today, compared, page } = facts;
  const differences = compared?.differences ?? [];
  const cut = cutPage(differences, page, ROWS_PER_PAGE);
  const query = { list, from, to };
  const content = renderCompare({
    lists: listOptions(list, ''),
    ...{ from, to, today },
    fromWords: dayInWords(from),
    toWords: dayInWords(to),
    status: statusOf(facts),
    notes: notesOf(facts),
    counts: compared === null ? [] : countPlaces(compared),
    caption: `${cut.from + 1} to ${cut.from + cut.shown.length} of ${countOf(differences.length, 'entry', 'entries')}, by destination and name`,
    rows: cut.shown.map((one) => viewDifference(one, from)),
    pages: pageLinks(cut.current, cut.last, (at) =>
      addressOf('/compare', { ...query, page: at === 1 ? undefined : at }),
    ),
    csvHref: addressOf('/compare/differences.csv', query),
  });
  return layoutPage('Compare two days', content, baseUrl, { current: '/compare' });
}

/** A difference as a change, which tables of changes can show; no single rule need have made it. */
export function toChange({ before, after, fields }: ListDifference): Change {
  const { entryId, list, destination, country, name } = (after ?? before)!;
  const hasMoved = before !== null && after !== null && fields.includes('destination');
  return {
    kind: kindOf({ before, after }),
    ...{ entryId, list, destination, country, name, before, after, fields },
    locator: null,
    movedFrom: hasMoved ? { destination: before.destination, country: before.country } : null,
  };
}

function kindOf({ before, after }: Pick<ListDifference, 'before' | 'after'>): ChangeKind {
  return before === null ? 'added' : after === null ? 'removed' : 'revised';
}

function statusOf({ list, from, to, compared }: CompareFacts): string {
  if (compared === null) return 'There is nothing to compare.';
  const { before, after, differences } = compared;
  const count = (kind: ChangeKind) => differences.filter((one) => kindOf(one) === kind).length;
  const sizes = `The ${LIST_TITLES[list]} has ${countOf(before.length, 'entry', 'entries')} on ${dayInWords(from)} and ${after.length.toLocaleString('en-US')} on ${dayInWords(to)}`;
  if (differences.length === 0) return `${sizes}. Nothing differs.`;
  return `${sizes}: ${count('added')} added, ${count('removed')} removed, ${count('revised')} revised.`;
}

function notesOf({ list, from, to, today, isSwapped, since, compared }: CompareFacts): string[] {
  const title = LIST_TITLES[list];
  if (since === null)
    return [
      `The ${title} is not loaded here yet. The service loads it at its first start, and its operator with elwatch baseline.`,
    ];
  const notes: string[] = [];
  if (isSwapped && compared !== null)
    notes.push('The first day was later than the second; they are compared in the order of time.');
  if (from < since)
    notes.push(
      `The ${title} is known here from ${dayInWords(since)} on; choose that day or a later one for both.`,
    );
  if (to > today)
    notes.push(
      `${dayInWords(to)} is still to come, and rules until then are not known. Choose ${dayInWords(today)} or an earlier day.`,
    );
  if (from === to) notes.push('Both days are the same, so nothing can differ. Choose an earlier first day.');
  return notes;
}

function countPlaces({ before, after, differences }: NonNullable<CompareFacts['compared']>): View['counts'] {
  const places = new Map<string, View['counts'][number]>();
  const at = ({ country, destination }: Entry) => {
    const place = countryName(country, destination);
    let counts = places.get(place);
    if (counts === undefined) {
      counts = { place, before: 0, added: 0, removed: 0, revised: 0, after: 0 };
      places.set(place, counts);
    }
    return counts;
  };
  for (const entry of before) at(entry).before += 1;
  for (const entry of after) at(entry).after += 1;
  const touched = new Set<View['counts'][number]>();
  for (const one of differences) {
    const counts = at((one.after ?? one.before)!);
    counts[kindOf(one) as 'added' | 'removed' | 'revised'] += 1;
    touched.add(counts);
    // An entry that moved changes the counts of the place that it left.
    if (one.before !== null) touched.add(at(one.before));
  }
  const total = (one: View['counts'][number]) => one.added + one.removed + one.revised;
  return [...touched].sort((a, b) => total(b) - total(a) || a.place.localeCompare(b.place, 'en'));
}

function viewDifference(difference: ListDifference, from: string): Row {
  const change = toChange(difference);
  const { before, after } = difference;
  const kind = kindOf(difference);
  const sides =
    kind === 'revised'
      ? splitFields(change)
      : { before: before === null ? [] : wholeOf(before), after: after === null ? [] : wholeOf(after) };
  return {
    name: shorten(cleanLine(change.name), MOST_LETTERS),
    kind,
    tone: kind === 'removed' ? 'good' : kind === 'added' ? 'bad' : 'warn',
    // What is no longer listed is shown as it stood.
    href: entryPath(change.entryId, kind === 'removed' ? from : undefined),
    place: countryName(change.country, change.destination),
    ...sides,
  };
}

/** The fields that differ, with what stands on either day alone marked. */
function splitFields(change: Change): Pick<Row, 'before' | 'after'> {
  const { fields } = viewRevision({ ...change, seq: 0, changeSetId: '', effectiveOn: '', knownAt: '' });
  const before: Side[] = [];
  const after: Side[] = [];
  for (const field of fields) {
    const { label } = field;
    if (field.shape === 'text') {
      before.push({ label, segments: field.segments.filter(({ mark }) => mark !== 'added') });
      after.push({ label, segments: field.segments.filter(({ mark }) => mark !== 'removed') });
      continue;
    }
    const { removed, added, unchanged } = field.items;
    const rest: Segment[] =
      unchanged === 0 ? [] : [{ text: `${unchanged} as on the other day`, mark: 'same' }];
    before.push({ label, segments: joinItems(removed, 'removed', rest) });
    after.push({ label, segments: joinItems(added, 'added', rest) });
  }
  return { before, after };
}

function joinItems(items: readonly string[], mark: Segment['mark'], rest: Segment[]): Segment[] {
  const all = [...items.map((text): Segment => ({ text, mark })), ...rest];
  return all.flatMap((one, at) => (at === 0 ? [one] : [{ text: '; ', mark: 'same' as const }, one]));
}

/** An entry that only one of the days has. */
function wholeOf({ aliases, addresses, licenseReviewPolicy, licenseRequirement }: Entry): Side[] {
  const same = (label: string, text: string): Side[] =>
    text === '' ? [] : [{ label, segments: [{ text: shorten(text, MOST_LETTERS), mark: 'same' }] }];
  const sides = [
    ...same('aliases', aliases.join('; ')),
    ...same('addresses', addresses.join('; ')),
    ...same('license requirement', licenseRequirement),
    ...same('license review policy', licenseReviewPolicy),
  ];
  return sides.length > 0 ? sides : [{ label: '', segments: [{ text: 'on the list', mark: 'same' }] }];
}
