import type { ChangeReason, Entry, TracedChange } from '../../model.ts';
import { citationText, citationUrl } from '../../render/citation.ts';
import { cleanLine, shorten } from '../../render/clean.ts';
import { countryName } from '../../render/country-name.ts';
import { dateFacts, dayInWords } from '../../render/date-facts.ts';
import { type FieldView, viewRevision } from '../../render/revision-view.ts';
import { template } from '../../render/template.ts';
import {
  explainPolicy,
  explainRequirement,
  type LinkedText,
  linkSections,
} from '../../render/terms-words.ts';
import { describeFields, describeFootnote, describeLocator, LIST_TITLES } from '../../render/words.ts';
import { layoutPage } from '../layout.ts';
import { addressOf } from './filter-fields.ts';
import { entryPath } from './list.ts';

export interface EntryFacts {
  /** As it stood on the day; where it was not on the list then, as it is ordered, or as it was last. */
  entry: Entry;
  /** Whether it was on the list on the day. */
  isListed: boolean;
  /** The day that is shown, and the present one; in Washington. */
  on: string;
  today: string;
  /** Everything that happened to it, the oldest first. */
  changes: readonly TracedChange[];
  /** Others on a list now that have the same name. */
  namesakes: readonly Entry[];
}

interface Happening {
  seq: number;
  title: string;
  effective: string;
  known: string;
  isAhead: boolean;
  reason: string;
  href: string;
  source: string;
  fields: FieldView[];
}

interface View {
  name: string;
  list: string;
  place: string;
  state: string;
  isGood: boolean;
  notice: string;
  noticeHref: string;
  noticeLink: string;
  day: string;
  path: string;
  onValue: string;
  today: string;
  aliases: readonly string[];
  addresses: readonly string[];
  requirement: LinkedText[];
  requirementMeans: string;
  policy: LinkedText[];
  policyMeans: string;
  footnotes: string[];
  citations: { text: string; url: string }[];
  seeAlso: readonly string[];
  seeAlsoHref: string;
  namesakes: { href: string; text: string }[];
  subscribeHref: string;
  listHref: string;
  history: Happening[];
}

const KIND_WORDS = {
  added: 'Added',
  revised: 'Revised',
  removed: 'Removed',
  editorial: 'Editorial fix',
} as const;
const REASON_WORDS: Record<ChangeReason, string> = {
  stay: 'A stay puts an earlier change off.',
  delay: 'A delay puts an earlier change off.',
  resume: 'An earlier change that was put off takes effect again.',
  expiry: 'The time of an earlier change is over.',
  correction: 'It corrects our reading of an earlier change.',
};

const renderEntry =
  template<View>(`<% const linked = (runs) => { for (const one of runs) { if (one.url) { %><a href="<%= one.url %>"><%= one.text %></a><% } else { %><%= one.text %><% } } } %>
<% const marked = (segments) => { for (const one of segments) { if (one.mark === 'removed') { %><del><%= one.text %></del><% } else if (one.mark === 'added') { %><ins><%= one.text %></ins><% } else { %><%= one.text %><% } } } %>
<h1><%= it.name %></h1>
<p><span class="tag <%= it.isGood ? 'applied' : 'bad' %>"><%= it.state %></span> <%= it.list %>, under <%= it.place %></p>
<% if (it.notice) { %><div class="notice" role="status"><p><%= it.notice %><% if (it.noticeHref) { %> <a href="<%= it.noticeHref %>"><%= it.noticeLink %></a><% } %></p></div><% } %>
<ul class="actions"><li><a class="button" href="<%= it.subscribeHref %>">Subscribe to this entry</a></li><li><a href="<%= it.listHref %>">All under <%= it.place %></a></li></ul>
<form class="filters" method="get" action="<%= it.path %>" aria-label="Day">
<div><label for="on">As of</label><input id="on" name="on" type="date" max="<%= it.today %>" value="<%= it.onValue %>"></div>
<div><button type="submit">Show</button></div><% if (it.onValue) { %><div><a href="<%= it.path %>">As it is now</a></div><% } %>
</form>
<h2>What the list says<%= it.day %></h2>
<dl>
<dt>Name</dt><dd><%= it.name %></dd>
<dt>Also known as</dt><dd><% if (it.aliases.length) { %><ul><% for (const one of it.aliases) { %><li><%= one %></li><% } %></ul><% } else { %>No alias is listed.<% } %></dd>
<dt>Address</dt><dd><% if (it.addresses.length) { %><ul><% for (const one of it.addresses) { %><li><%= one %></li><% } %></ul><% } else { %>No address is listed.<% } %></dd>
<dt>License requirement</dt><dd><% if (it.requirement.length) { linked(it.requirement) } else { %>None is printed.<% } %><% if (it.requirementMeans) { %><div class="soft"><%= it.requirementMeans %></div><% } %></dd>
<dt>License review policy</dt><dd><% if (it.policy.length) { linked(it.policy) } else { %>None is printed.<% } %><% if (it.policyMeans) { %><div class="soft"><%= it.policyMeans %></div><% } %></dd>
<% if (it.footnotes.length) { %><dt>Footnotes</dt><dd><% for (const one of it.footnotes) { %><div><%= one %></div><% } %></dd><% } %>
<% if (it.citations.length) { %><dt>Federal Register</dt><dd><% for (const one of it.citations) { %><div><a href="<%= one.url %>"><%= one.text %></a></div><% } %></dd><% } %>
</dl>
<% if (it.seeAlso.length || it.namesakes.length) { %><h2>Elsewhere on the lists</h2>
<% if (it.seeAlso.length) { %><p>The list says: see the alternate addresses under <%= it.seeAlso.join('; ') %>. <a href="<%= it.seeAlsoHref %>">Search the list for this name</a></p><% } %>
<% if (it.namesakes.length) { %><p>Entries of the same name:</p><ul>
<% for (const one of it.namesakes) { %><li><a href="<%= one.href %>"><%= one.text %></a></li>
<% } %></ul><% } %><% } %>
<h2>What happened to it</h2>
<ol class="rows">
<% for (const one of it.history) { %><li id="change-<%= one.seq %>"><a class="title" href="<%= one.href %>"><%= one.title %></a><% if (one.isAhead) { %> <span class="tag warn">not in effect yet</span><% } %>
<div class="soft"><%= one.effective %> <%= one.known %> <%= one.source %></div>
<% if (one.reason) { %><div><%= one.reason %></div><% } %>
<% for (const field of one.fields) { %><div><span class="soft"><%= field.label %></span><br>
<% if (field.shape === 'text') { marked(field.segments) } else { %><% for (const text of field.items.removed) { %><del><%= text %></del><br><% } %><% for (const text of field.items.added) { %><ins><%= text %></ins><br><% } %><span class="soft"><%= field.items.unchanged %> unchanged</span><% } %></div>
<% } %></li>
<% } %></ol>
<p class="soft"><a href="/api/v1/entries/<%= it.path.slice('/entries/'.length) %>">This entry and its history as JSON</a></p>
`);

/** The page of one entry: what the list says of it on a day, and every rule that touched it. */
export function renderEntryPage(facts: EntryFacts, baseUrl: string): string {
  const { entry, isListed, on, today, changes, namesakes } = facts;
  const place = countryName(entry.country, entry.destination);
  const name = shorten(cleanLine(entry.name), 300);
  const { notice, change } = noticeOf(facts);
  const content = renderEntry({
    name,
    list: LIST_TITLES[entry.list],
    place,
    state: isListed
      ? on === today
        ? 'listed'
        : `listed on ${dayInWords(on)}`
      : on === today
        ? 'not listed'
        : `not listed on ${dayInWords(on)}`,
    isGood: isListed,
    notice,
    noticeHref: change === null ? '' : ruleHref(change),
    noticeLink: change === null ? '' : sourceOf(change),
    day: on === today ? '' : ` on ${dayInWords(on)}`,
    path: entryPath(entry.entryId),
    onValue: on === today ? '' : on,
    today,
    aliases: entry.aliases,
    addresses: entry.addresses,
    requirement: linkSections(entry.licenseRequirement),
    requirementMeans: explainRequirement(entry.licenseRequirement),
    policy: linkSections(entry.licenseReviewPolicy),
    policyMeans: explainPolicy(entry.licenseReviewPolicy).join(' '),
    footnotes: entry.footnotes.map((footnote) => describeFootnote(entry.list, footnote)),
    citations: entry.citations.map((one) => ({ text: citationText(one), url: citationUrl(one) })),
    seeAlso: entry.seeAlso,
    seeAlsoHref: addressOf('/list', { q: entry.name.slice(0, 200) }),
    namesakes: namesakes.map((one) => ({
      href: entryPath(one.entryId),
      text: `${shorten(cleanLine(one.name), 300)}, ${countryName(one.country, one.destination)}, ${LIST_TITLES[one.list]}`,
    })),
    subscribeHref: addressOf('/subscriptions', {
      keywords: entry.name.slice(0, 200),
      destination: entry.country,
      list: entry.list,
    }),
    listHref: addressOf('/list', { list: entry.list, destination: entry.country }),
    history: [...changes].reverse().map((one) => viewChange(one, today)),
  });
  return layoutPage(name, content, baseUrl, { current: '/list' });
}

/** What a reader must know before reading on, and the change that it comes from. */
function noticeOf({ isListed, on, today, changes }: EntryFacts): {
  notice: string;
  change: TracedChange | null;
} {
  const inEffect = [...changes].sort(byEffect).filter(({ effectiveOn }) => effectiveOn <= on);
  const ahead = [...changes].sort(byEffect).find(({ effectiveOn }) => effectiveOn > on) ?? null;
  if (on > today)
    return {
      notice: `${dayInWords(on)} is still to come. This is the entry as it is ordered so far.`,
      change: null,
    };
  const first = changes[0]!;
  if (!isListed) {
    const removal = inEffect.filter(({ kind }) => kind === 'removed').at(-1) ?? null;
    const start = changes.find(({ kind, effectiveOn }) => kind === 'added' && effectiveOn > on) ?? null;
    if (removal !== null && start !== null)
      return {
        notice: `It is off the list since ${dayInWords(removal.effectiveOn)}, and on it again from ${dayInWords(start.effectiveOn)} on, by`,
        change: start,
      };
    if (removal !== null)
      return {
        notice: `It is no longer on the list since ${dayInWords(removal.effectiveOn)}. Below is what it said last. Removed by`,
        change: removal,
      };
    if (first.number === null)
      return {
        notice: `The list is known here from ${dayInWords(first.effectiveOn)} on; choose that day or a later one.`,
        change: null,
      };
    return {
      notice: `It is not on the list ${on === today ? 'yet' : `on ${dayInWords(on)}`}. It is on it from ${dayInWords((start ?? first).effectiveOn)} on, by`,
      change: start ?? first,
    };
  }
  if (ahead !== null && on === today)
    return {
      notice: `A change is ordered that takes effect on ${dayInWords(ahead.effectiveOn)}: ${KIND_WORDS[ahead.kind].toLowerCase()} by`,
      change: ahead,
    };
  return { notice: '', change: null };
}

function byEffect(a: TracedChange, b: TracedChange): number {
  return a.effectiveOn < b.effectiveOn ? -1 : a.effectiveOn > b.effectiveOn ? 1 : a.seq - b.seq;
}

function viewChange(change: TracedChange, today: string): Happening {
  const isRevision = change.kind === 'revised' || change.kind === 'editorial';
  const locator = describeLocator(change.locator);
  const { effective, known } = dateFacts({
    cause: change.number === null ? 'baseline' : 'rule',
    effectiveOn: change.effectiveOn,
    knownAt: change.knownAt,
    document: { publishedOn: change.publishedOn },
  });
  return {
    seq: change.seq,
    title:
      change.number === null
        ? 'On the list when it was first loaded'
        : `${KIND_WORDS[change.kind]} by document ${change.number}${isRevision ? `: ${describeFields(change)}` : ''}`,
    effective,
    known,
    isAhead: change.effectiveOn > today,
    reason: change.because ? REASON_WORDS[change.because] : '',
    href: ruleHref(change),
    source: locator === '' ? '' : `Source: ${locator}.`,
    fields: isRevision ? viewRevision(change).fields : [],
  };
}

function sourceOf(change: TracedChange): string {
  return change.number === null ? 'the first load of the list' : `document ${change.number}`;
}

function ruleHref({ changeSetId, seq }: TracedChange): string {
  return `/changes/${encodeURIComponent(changeSetId)}#change-${seq}`;
}
