import type { Amendment } from '../../../model.ts';
import { cleanLine, shorten, webAddress } from '../../../render/clean.ts';
import { countryName } from '../../../render/country-name.ts';
import { instantInWashington } from '../../../render/date-facts.ts';
import { template } from '../../../render/template.ts';
import { countOf, describeLocator, LIST_TITLES } from '../../../render/words.ts';
import type { StoredDocument } from '../../../store/documents.ts';
import type { HeldDetail } from '../../operator/operator-parts.ts';
import { addressOf } from '../filter-fields.ts';
import { type Instruction, instructionTexts, QUOTATION } from '../instruction-texts.ts';
import { PAGE_LINKS, type PageLink, pageLinks } from '../page-links.ts';
import type { SignedIn } from '../session-line.ts';
import { layoutOperator } from './frame.ts';

interface QueueRow {
  href: string;
  number: string;
  title: string;
  dates: string;
  reason: string;
  excerpt: string;
}

const renderQueue = template<{
  count: string;
  rows: QueueRow[];
  pages: PageLink[];
}>(`${PAGE_LINKS}<h1>Held documents</h1>
<% if (it.rows.length === 0) { %><p>No document is held. One that cannot be read without a doubt appears here, with what was not understood; until then there is nothing to do.</p><% } else { %>
<p role="status"><%= it.count %>, the oldest first. The list is as it was before them until somebody decides.</p>
<ol class="rows">
<% for (const one of it.rows) { %><li><a class="title" href="<%= one.href %>"><%= one.number %>: <%= one.title %></a>
<div class="soft"><%= one.dates %></div>
<p><%= one.reason %></p>
<% if (one.excerpt) { %><blockquote class="source"><%= one.excerpt %></blockquote><% } %>
<ul class="actions"><% for (const [mark, label] of [['accept', 'Accept'], ['edit', 'Edit'], ['ignore', 'Ignore']]) { %><li><a href="<%= one.href %>#<%= mark %>" aria-label="<%= label %> <%= one.number %>"><%= label %></a></li><% } %></ul></li>
<% } %></ol>
<% pageLinks(it.pages, 'Pages of held documents') %><% } %>
`);

/** A page of the documents that wait for a person. */
export function renderHeldQueuePage(
  {
    rows,
    page,
    last,
    total,
  }: {
    rows: readonly { document: StoredDocument; detail: HeldDetail }[];
    page: number;
    last: number;
    total: number;
  },
  session: SignedIn,
  baseUrl: string,
): string {
  const content = renderQueue({
    count: countOf(total, 'document', 'documents'),
    pages: pageLinks(page, last, (to) => addressOf('/operator/held', { page: to })),
    rows: rows.map(({ document, detail }) => ({
      href: heldPath(document),
      number: document.number,
      title: document.head.title,
      dates: datesOf(document, detail),
      reason: document.statusReason ?? 'held',
      excerpt: longestExcerpt(detail),
    })),
  });
  return layoutOperator({ title: 'Held documents', path: '/operator/held', session, baseUrl }, content);
}

/** Where a document is decided about. */
export function heldPath({ number, publishedOn }: Pick<StoredDocument, 'number' | 'publishedOn'>): string {
  return `/operator/held/${publishedOn}/${encodeURIComponent(number)}`;
}

/** What stands in the forms: what was sent and refused, or the words that were not understood. */
export interface HeldFields {
  find: string;
  by: string;
  reason: string;
}

interface View {
  number: string;
  title: string;
  url: string;
  dates: string;
  status: string;
  isHeld: boolean;
  isDone: boolean;
  reason: string;
  fault: string;
  checks: string[];
  read: {
    action: string;
    name: string;
    place: string;
    list: string;
    where: string;
    /** Empty where the row before stands in the same instruction, and where there is none. */
    instructions: Instruction[];
    isSame: boolean;
  }[];
  moreRead: number;
  issues: { code: string; holds: boolean; message: string; where: string; excerpt: string; markup: string }[];
  overrides: { what: string; who: string; when: string; reason: string; ended: string }[];
  hasOpen: boolean;
  path: string;
  csrf: string;
  fields: HeldFields;
}

/** Amendments that the page shows. */
const MOST_READ = 150;

const renderOne =
  template<View>(`${QUOTATION}<% const begin = (what) => { %><form method="post" action="<%= it.path %>/<%= what %>"><input type="hidden" name="csrf" value="<%= it.csrf %>"><% } %>
<% const why = (what) => { %><p class="field"><label for="<%= what %>-reason">Why, for the record</label><textarea id="<%= what %>-reason" name="reason" rows="2" required minlength="3" maxlength="1000"><%= it.fields.reason %></textarea></p><% } %>
<h1><%= it.number %></h1>
<p><% if (it.url) { %><a href="<%= it.url %>"><%= it.title %></a><% } else { %><%= it.title %><% } %></p>
<p class="soft"><%= it.dates %></p>
<% if (it.fault) { %><p role="alert" class="fault"><%= it.fault %></p><% } %>
<% if (it.isDone) { %><p role="status" class="notice<% if (!it.isHeld) { %> good<% } %>"><% if (it.isHeld) { %>Your decision is recorded and counts from now on. The document is still held, for the reason below.<% } else { %>Your decision is recorded. The document is <%= it.status %> now; who is to be told of it is told within a minute.<% } %></p><% } %>
<p><span class="tag <%= it.status %>"><%= it.status %></span> <%= it.reason %></p>
<% if (it.checks.length || it.issues.length) { %><h2>What was not understood or does not agree</h2>
<ul class="rows">
<% for (const one of it.checks) { %><li><%= one %></li>
<% } %>
<% for (const one of it.issues) { %><li><span class="tag <%= one.holds ? 'bad' : 'none' %>"><%= one.code %></span> <%= one.message %>
<% if (one.where) { %><div class="soft">At <%= one.where %></div><% } %>
<% if (one.excerpt) { %><blockquote class="source"><%= one.excerpt %></blockquote><% } %>
<% if (one.markup) { %><pre tabindex="0"><%= one.markup %></pre><% } %></li>
<% } %></ul><% } %>
<% if (it.read.length) { %><h2 id="read">What was read of it</h2>
<p>Accepting it does this to the lists.</p>
<table class="stack" aria-labelledby="read"><thead><tr><th scope="col">Order</th><th scope="col">Entry</th><th scope="col">Destination</th><th scope="col">Where it stands</th></tr></thead><tbody>
<% for (const one of it.read) { %><tr><td data-head="Order"><%= one.action %></td><td data-head="Entry"><%= one.name %></td><td data-head="Destination"><%= one.place %> <span class="soft"><%= one.list %></span></td><td data-head="Where it stands"><%= one.where %><% quotation(one.instructions); if (one.isSame) { %> <span class="soft">The same instruction as before.</span><% } %></td></tr>
<% } %></tbody></table>
<% if (it.moreRead) { %><p class="notice"><%= it.moreRead %> more are not shown; <code>elwatch parse</code> shows all of them.</p><% } %><% } else if (it.isHeld) { %><p class="notice">Nothing that could be applied was read of it, so accepting it changes no entry.</p><% } %>
<% if (it.isHeld) { %><h2>Decide</h2>
<div class="split">
<section aria-labelledby="edit"><h3 id="edit">Edit</h3>
<p>Words of the source are read as others from now on. Give them with their tags, as the source has them, so that they stand there once.</p>
<% begin('replace') %>
<p class="field"><label for="find">Words of the source</label><textarea id="find" name="find" rows="6" required minlength="3" maxlength="2000" class="mono"><%= it.fields.find %></textarea></p>
<p class="field"><label for="by">Read as</label><textarea id="by" name="by" rows="6" maxlength="2000" class="mono"><%= it.fields.by %></textarea></p>
<% why('replace') %><button type="submit">Replace and read again</button></form></section>
<div><section aria-labelledby="accept"><h3 id="accept">Accept</h3>
<p>It is read rightly although a check fails, as where a document counts itself wrongly. Additions of what is on the list already and targets that are not on it cannot be accepted.</p>
<% begin('accept') %><% why('accept') %><button type="submit">Accept and apply</button></form></section>
<section aria-labelledby="ignore"><h3 id="ignore">Ignore</h3>
<p>It changes no list. Who was told that it is held is told how that ended.</p>
<% begin('ignore') %><% why('ignore') %><button type="submit" class="quiet">Leave it out</button></form></section></div>
</div><% } %>
<% if (it.overrides.length) { %><h2>What was decided</h2>
<div class="scroll" tabindex="0" role="region" aria-label="What was decided"><table class="stack"><thead><tr><th scope="col">Decision</th><th scope="col">By</th><th scope="col">When</th><th scope="col">Why</th><th scope="col">Ended</th></tr></thead><tbody>
<% for (const one of it.overrides) { %><tr><td data-head="Decision"><%= one.what %></td><td data-head="By"><%= one.who %></td><td data-head="When"><%= one.when %></td><td data-head="Why"><%= one.reason %></td><td data-head="Ended"><%= one.ended || 'no' %></td></tr>
<% } %></tbody></table></div>
<% if (it.hasOpen) { %><% begin('undo') %><p>End these decisions: the document is read as if they had not been made. What was applied by then stays.</p><button type="submit" class="quiet">End them</button></form><% } %><% } %>
<p><a href="/operator/held">All held documents</a></p>
`);

/** One document with why it is held, and the forms to decide about it. */
export function renderHeldPage(
  {
    document,
    detail,
    source,
    fields,
    fault = '',
    isDone = false,
  }: {
    document: StoredDocument;
    detail: HeldDetail;
    /** Text of each instruction under its number. */
    source: ReadonlyMap<string, string>;
    fields: HeldFields;
    /** Why what was sent was refused. */
    fault?: string;
    /** Whether a decision was made just now. */
    isDone?: boolean;
  },
  session: SignedIn,
  baseUrl: string,
): string {
  const amendments = document.amendments ?? [];
  const content = renderOne({
    number: document.number,
    title: document.head.title,
    url: webAddress(document.head.htmlUrl) ?? '',
    dates: datesOf(document, detail),
    status: document.status,
    isHeld: document.status === 'held',
    isDone,
    reason: document.statusReason ?? '',
    fault,
    read: amendments.slice(0, MOST_READ).map((one, at) => ({
      action: one.action,
      // What is replaced "wherever it appears" has no one entry.
      name: shorten(cleanLine(one.name), 300) || 'every entry that it fits',
      place: countryName(one.country, one.destination),
      list: LIST_TITLES[one.list],
      where: describeLocator(one.locator),
      ...instructionsOf(one, amendments[at - 1], source),
    })),
    moreRead: Math.max(0, amendments.length - MOST_READ),
    checks: detail.failingChecks.map((check) => check.message),
    issues: detail.issues.map((issue) => ({
      ...issue,
      where: issue.locator === null ? '' : describeLocator(issue.locator),
      excerpt: issue.excerpt ?? '',
      markup: issue.markup ?? '',
    })),
    overrides: detail.overrides.map((one) => ({
      what: one.kind === 'replace' ? `replace “${one.find}” by “${one.by}”` : one.kind,
      who: one.who,
      when: instantInWashington(one.madeAt),
      reason: one.reason,
      ended: one.endedAt === null ? '' : instantInWashington(one.endedAt),
    })),
    hasOpen: detail.overrides.some(({ endedAt }) => endedAt === null),
    path: heldPath(document),
    csrf: session.csrf,
    fields,
  });
  return layoutOperator({ title: document.number, path: '/operator/held', session, baseUrl }, content);
}

function instructionsOf(
  { locator }: Amendment,
  before: Amendment | undefined,
  source: ReadonlyMap<string, string>,
): { instructions: Instruction[]; isSame: boolean } {
  const isSame = locator.instruction !== null && before?.locator.instruction === locator.instruction;
  return { isSame, instructions: isSame ? [] : instructionTexts([locator.instruction], source) };
}

function datesOf({ publishedOn }: StoredDocument, { heldSince }: HeldDetail): string {
  return `Published ${publishedOn}${heldSince === null ? '' : `, held since ${instantInWashington(heldSince)}`}.`;
}

function longestExcerpt({ issues }: HeldDetail): string {
  const excerpts = issues.flatMap(({ excerpt, holds }) => (holds && excerpt !== null ? [excerpt] : []));
  return excerpts.sort((a, b) => b.length - a.length)[0] ?? '';
}
