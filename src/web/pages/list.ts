import { foldName } from '../../fold.ts';
import { type Entry, LIST_NAMES } from '../../model.ts';
import { shorten } from '../../render/clean.ts';
import { countryName } from '../../render/country-name.ts';
import { dayInWords } from '../../render/date-facts.ts';
import { isShort, markFound, type Piece } from '../../render/mark-found.ts';
import type { FoundEntry } from '../../render/table-columns.ts';
import { template } from '../../render/template.ts';
import { countOf, describeFootnote, LIST_TITLES } from '../../render/words.ts';
import { layoutPage } from '../layout.ts';
import type { FoundEntries, ListQuery } from '../site/find-entries.ts';
import type { Needle } from '../site/search-list.ts';
import { addressOf, destinationOptions, listOptions, OPTIONS, type Option } from './filter-fields.ts';
import { cutPage, PAGE_LINKS, type PageLink, pageLinks } from './page-links.ts';

interface Row {
  href: string;
  name: Piece[];
  startsOn: string;
  similar: string;
  aliases: Piece[][];
  moreAliases: number;
  addresses: Piece[][];
  moreAddresses: number;
  place: string;
  list: string;
  requirement: Piece[];
  policy: Piece[];
  footnotes: string;
}

interface View {
  filters: ListQuery;
  lists: Option[];
  destinations: Option[];
  footnotes: Option[];
  today: string;
  count: string;
  notes: string[];
  isFiltered: boolean;
  caption: string;
  rows: Row[];
  downloads: { href: string; text: string }[];
  pages: PageLink[];
  hasLists: boolean;
  /** What to do where nothing is found, up to "or show all". */
  advice: string;
  allHref: string;
}

export const ROWS_PER_PAGE = 50;
/** Of an entry, in a row; its own page has all of them. */
const MOST_TEXTS = 3;
const MOST_LETTERS = 300;
/** Those of supplement no. 4. */
const FOOTNOTES = [1, 2, 3, 4, 5];

/** A part of a template: a text with what was found marked. */
const MARKED = `<% const marked = (pieces) => { for (const one of pieces) { if (one.isFound) { %><mark><%= one.text %></mark><% } else { %><%= one.text %><% } } } %>`;

const renderList = template<View>(`${OPTIONS}${PAGE_LINKS}${MARKED}<h1>List</h1>
<form class="filters" method="get" action="/list" role="search" aria-label="List" data-live="#results">
<div class="wide"><label for="q">Name, alias or address, in any spelling or script</label><input id="q" name="q" type="search" maxlength="200" autocomplete="off" spellcheck="false" value="<%= it.filters.q ?? '' %>"></div>
<div><label for="list">List</label><select id="list" name="list"><% choose(it.lists) %></select></div>
<div><label for="destination">Destination</label><select id="destination" name="destination"><% choose(it.destinations) %></select></div>
<div><label for="terms">License requirement or policy</label><input id="terms" name="terms" maxlength="200" autocomplete="off" value="<%= it.filters.terms ?? '' %>"></div>
<div class="some"><label for="footnote">Footnote</label><select id="footnote" name="footnote"><% choose(it.footnotes) %></select></div>
<div><label for="on">As of</label><input id="on" name="on" type="date" max="<%= it.today %>" value="<%= it.filters.on ?? '' %>"></div>
<div><button type="submit">Show</button></div>
</form>
<div id="results">
<p role="status"><%= it.count %><% if (it.isFiltered) { %> <a href="<%= it.allHref %>">Show all</a><% } %></p>
<% for (const note of it.notes) { %><p class="notice"><%= note %></p><% } %>
<% if (it.rows.length) { %><ul class="actions" aria-label="All that is found as a file">
<% for (const one of it.downloads) { %><li><a href="<%= one.href %>"><%= one.text %></a></li>
<% } %></ul>
<table class="stack"><caption><%= it.caption %></caption>
<thead><tr><th scope="col">Entry</th><th scope="col" class="narrow">Destination</th><th scope="col">License requirement and review policy</th></tr></thead><tbody>
<% for (const row of it.rows) { %><tr><th scope="row"><a class="title" href="<%= row.href %>"><% marked(row.name) %></a><% if (row.startsOn) { %> <span class="tag warn">from <%= row.startsOn %></span><% } %>
<div class="texts"><% if (row.similar) { %><div>Similar: <%= row.similar %></div><% } %>
<% if (row.aliases.length) { %><div><span class="soft">Also known as</span> <% for (const [at, one] of row.aliases.entries()) { %><%= at ? '; ' : '' %><% marked(one) %><% } %><% if (row.moreAliases) { %> <span class="soft">and <%= row.moreAliases %> more</span><% } %></div><% } %>
<% if (row.addresses.length) { %><div><span class="soft">Address</span> <% for (const [at, one] of row.addresses.entries()) { %><%= at ? '; ' : '' %><% marked(one) %><% } %><% if (row.moreAddresses) { %> <span class="soft">and <%= row.moreAddresses %> more</span><% } %></div><% } %></div></th>
<td data-head="Destination"><%= row.place %><% if (row.list) { %><div class="soft"><%= row.list %></div><% } %></td>
<td data-head="License"><% marked(row.requirement) %><div><% marked(row.policy) %></div><% if (row.footnotes) { %><div class="soft"><%= row.footnotes %></div><% } %></td></tr>
<% } %></tbody></table>
<% pageLinks(it.pages, 'Pages of the list') %>
<% } else if (it.hasLists) { %><p>No entry meets these filters. <%= it.advice %> or <a href="<%= it.allHref %>">show all</a>. To compare many names at once, use <a href="/screening">Screening</a>.</p><% } %>
</div>
`);

/** The list on a day, filtered; `page` counts from 1. */
export function renderListPage(
  {
    query,
    result,
    page,
    codes,
    today,
  }: {
    query: ListQuery;
    result: FoundEntries;
    page: number;
    /** Codes of the destinations to choose from. */
    codes: readonly string[];
    today: string;
  },
  baseUrl: string,
): string {
  const { found, exact, needle, lists, on } = result;
  const { shown, from, current, last } = cutPage(found, page, ROWS_PER_PAGE);
  const day = result.isToday ? 'today' : `on ${dayInWords(on)}`;
  const { on: _on, ...filters } = query;
  const content = renderList({
    filters: query,
    lists: listOptions(query.list),
    destinations: destinationOptions(codes, query.destination),
    footnotes: [
      { value: '', label: 'Any', selected: query.footnote === undefined },
      ...FOOTNOTES.map((number) => ({
        value: String(number),
        label: describeFootnote('entity-list', number),
        selected: number === query.footnote,
      })),
    ],
    today,
    count: countInWords(result, query, day),
    notes: notesOf(result, query),
    isFiltered: Object.values(filters).some((value) => value !== undefined),
    caption: `${(from + 1).toLocaleString('en-US')} to ${(from + shown.length).toLocaleString('en-US')} of ${found.length.toLocaleString('en-US')}, ${needle === null ? 'by destination and name' : exact === found.length ? 'the best match first' : 'the best match first, similar names behind'}`,
    rows: shown.map((one) => viewRow(one, { query, needle, isOneList: lists.length === 1 })),
    downloads: (['csv', 'xlsx', 'json'] as const).map((extension) => ({
      href: addressOf(`/list/entries.${extension}`, { ...query }),
      text: `${countOf(found.length, 'entry', 'entries')} as ${extension === 'xlsx' ? 'a workbook for Excel' : extension.toUpperCase()}`,
    })),
    pages: pageLinks(current, last, (to) =>
      addressOf('/list', { ...query, page: to === 1 ? undefined : to }),
    ),
    hasLists: lists.length > 0,
    advice: adviceFor(needle),
    allHref: addressOf('/list', { on: query.on }),
  });
  return layoutPage(needle === null ? 'List' : `“${needle.text}” on the list`, content, baseUrl, {
    current: '/list',
  });
}

function countInWords(result: FoundEntries, query: ListQuery, day: string): string {
  const { found, exact, needle, lists, isFuture, total } = result;
  if (lists.length === 0) return isFuture ? 'That day is still to come.' : 'No list is known for that day.';
  const where = `on ${lists.map((list) => `the ${LIST_TITLES[list]}`).join(', ')}`;
  const similar = found.length - exact;
  const filters = filtersInWords(query, needle);
  const whole = `${countOf(total, 'entry', 'entries')} ${where} ${day}`;
  const behind = filters === '' ? '' : ` ${filters}`;
  if (filters === '') return `${whole}.`;
  if (needle !== null && exact === 0 && similar > 0)
    return `None of the ${whole}${behind}; ${similar === 1 ? '1 is' : `${similar} are`} similar.`;
  const count = `${exact.toLocaleString('en-US')} of the ${whole}${behind}`;
  return similar === 0 ? `${count}.` : `${count}, and ${countOf(similar, 'similar one', 'similar ones')}.`;
}

/** What the filters ask for: for the count, and for paper, on which the form is not. */
function filtersInWords({ q, destination, terms, footnote }: ListQuery, needle: Needle | null): string {
  const read = needle?.spellings.slice(1).map(({ text }) => `“${text}”`) ?? [];
  return [
    destination === undefined ? '' : `under ${countryName(destination)}`,
    q === undefined ? '' : `with “${q}”${read.length === 0 ? '' : `, read as ${read.join(' or ')}`}`,
    terms === undefined ? '' : `whose license requirement or policy has “${terms}”`,
    footnote === undefined ? '' : `with footnote ${footnote}`,
  ]
    .filter((words) => words !== '')
    .join(' and ');
}

function adviceFor(needle: Needle | null): string {
  if (needle === null) return 'Take a filter away,';
  const { spellings, isUnread } = needle;
  const instead = isUnread
    ? 'Write the name in Latin letters'
    : spellings.length > 1
      ? 'Write the name in Latin letters as its owner does, or less of it'
      : spellings[0].words.every(isShort)
        ? 'A word this short is found only where a word begins: write more of the name'
        : 'Write less of the name';
  return `${instead}, take a filter away,`;
}

/** Where the answer is not what was asked for, and what to do then. */
function notesOf(
  { on, isFuture, unknown, fault, exact, needle }: FoundEntries,
  { list }: ListQuery,
): string[] {
  if (isFuture)
    return [
      `${dayInWords(on)} is still to come, and rules until then are not known. Without a day you see the list of today, with what is ordered for later.`,
    ];
  const never = unknown.filter(({ since }) => since === null);
  const later = unknown.filter(({ since }) => since !== null);
  const notes = later.map(
    ({ list: of, since }) =>
      `The ${LIST_TITLES[of]} is known here from ${dayInWords(since!)} on; choose that day or a later one.`,
  );
  // Who asks for all lists need not hear of those that are not kept here, unless there is none.
  if (never.length > 0 && (list !== undefined || never.length === LIST_NAMES.length))
    notes.push(
      `${never.length === 1 ? `The ${LIST_TITLES[never[0]!.list]} is` : 'The lists are'} not loaded here yet. The service loads them at its first start, and its operator with elwatch baseline.`,
    );
  if (needle?.isUnread && exact === 0)
    notes.push(
      `“${needle.text}” has words that cannot be read here, since their script leaves vowels out. The lists are printed in Latin letters: write the name in those.`,
    );
  if (fault !== null)
    notes.push(
      'Only entries with these words are shown: similar names could not be looked for just now. The fault has been logged; try again in a minute.',
    );
  return notes;
}

function viewRow(
  { entry, startsOn, similar }: FoundEntry,
  { query, needle, isOneList }: { query: ListQuery; needle: Needle | null; isOneList: boolean },
): Row {
  const mark = (text: string) => {
    const short = shorten(text, MOST_LETTERS);
    const marked = (needle?.spellings ?? []).map(({ phrase, words }) => markFound(short, phrase, words));
    return marked.find((pieces) => pieces.some(({ isFound }) => isFound)) ?? markFound(short, '', []);
  };
  const few = (texts: readonly string[]) => {
    const marked = texts.map((text) => ({ pieces: mark(text) }));
    // What was found must be seen, whichever of many it is.
    const isHit = ({ pieces }: (typeof marked)[number]) => pieces.some(({ isFound }) => isFound);
    return [...marked.filter(isHit), ...marked.filter((one) => !isHit(one))]
      .slice(0, MOST_TEXTS)
      .map(({ pieces }) => pieces);
  };
  const terms = foldName(query.terms ?? '');
  const term = (text: string) => markFound(shorten(text, MOST_LETTERS), terms, []);
  return {
    href: entryPath(entry.entryId, query.on),
    name: mark(entry.name),
    startsOn: startsOn === null ? '' : dayInWords(startsOn),
    similar: (similar ?? []).join('; '),
    aliases: few(entry.aliases),
    moreAliases: Math.max(0, entry.aliases.length - MOST_TEXTS),
    addresses: few(entry.addresses),
    moreAddresses: Math.max(0, entry.addresses.length - MOST_TEXTS),
    place: countryName(entry.country, entry.destination),
    list: isOneList ? '' : LIST_TITLES[entry.list],
    requirement: term(entry.licenseRequirement),
    policy: term(entry.licenseReviewPolicy),
    footnotes: entry.footnotes.map((one) => `Footnote ${one}`).join(', '),
  };
}

/** Path of the page of an entry, as it stood on a day where one is named. */
export function entryPath(entryId: Entry['entryId'], on?: string): string {
  return addressOf(`/entries/${encodeURIComponent(entryId)}`, { on });
}
