import type { ChangeSet, Channel, DeliveryStatus, StoredChange } from '../../model.ts';
import { type AlertView, viewAlert } from '../../render/alert-view.ts';
import { instantInWashington } from '../../render/date-facts.ts';
import { template } from '../../render/template.ts';
import { layoutPage } from '../layout.ts';
import { outcomeWords, pathOf } from './change-set-rows.ts';
import { CHANNEL_TITLES } from './delivery-log.ts';
import { type Instruction, instructionTexts, QUOTATION } from './instruction-texts.ts';

export interface RuleFacts {
  changeSet: ChangeSet;
  changes: readonly StoredChange[];
  /** What was told of the same document before, the nearest first, and later, the oldest first. */
  earlier: readonly ChangeSet[];
  later: readonly ChangeSet[];
  /** What corrects the document by another that was printed later, the oldest first. */
  correctedBy: readonly ChangeSet[];
  /** Text of each instruction under its number. */
  source: ReadonlyMap<string, string>;
  told: readonly { channel: Channel; status: DeliveryStatus; count: number; acknowledged: number }[];
}

interface View {
  view: Omit<AlertView, 'checks'> & { checks: (AlertView['checks'][number] & { mark: string })[] };
  outcome: string;
  outcomeWords: string;
  downloads: { href: string; text: string }[];
  earlier: { href: string; text: string }[];
  later: { href: string; text: string }[];
  /** Of a baseline, the list on its day. */
  listHref: string;
  corrects: string[];
  /** Documents that were printed later and correct this one. */
  correctedBy: { href: string; text: string }[];
  stateHashes: { list: string; hash: string }[];
  told: { what: string; count: string }[];
  /** The instructions that some changes come from, with those above them, in their order. */
  instructionsOf(seqs: readonly number[]): Instruction[];
  entryOf(seq: number): string;
}

const MARK = { pass: '✓ agrees', fail: '✗ differs', skip: '– not checked' } as const;
const STATUS_WORDS: Record<DeliveryStatus, string> = {
  gathered: 'waiting for a digest',
  due: 'on its way',
  sending: 'on its way',
  sent: 'sent',
  failed: 'failed',
  suppressed: 'not sent, since the subscription had ended',
};
const PIECES = `${QUOTATION}<% const v = it.view; %>
<% const details = (one) => { %>
<% if (one.aliases && one.aliases.length) { %><div><span class="soft">Also known as</span> <%= one.aliases.join('; ') %></div><% } %>
<% if (one.addresses && one.addresses.length) { %><div><span class="soft">Address</span> <%= one.addresses.join('; ') %></div><% } %>
<% if (one.seeAlso && one.seeAlso.length) { %><div><span class="soft">See also under</span> <%= one.seeAlso.join('; ') %></div><% } %>
<div class="soft"><% if (one.locator) { %>Source: <%= one.locator %>. <% } %>Change <%= one.seq %></div>
<% } %>
<% const nameOf = (one) => { %><a class="title" href="<%= it.entryOf(one.seq) %>"><%= one.name %></a><% } %>
<% const source = (seqs) => quotation(it.instructionsOf(seqs)) %>
<% const marked = (segments) => { for (const one of segments) { %><% if (one.mark === 'removed') { %><del><%= one.text %></del><% } else if (one.mark === 'added') { %><ins><%= one.text %></ins><% } else { %><%= one.text %><% } %><% } } %>
<% const revisions = (items) => { %>
<ul class="rows">
<% for (const one of items) { %>
<li id="change-<%= one.seq %>"><div class="split"><div><% nameOf(one) %> <span class="soft"><%= one.place %></span>
<% for (const field of one.fields) { %>
<div><span class="soft"><%= field.label %></span><br>
<% if (field.shape === 'text') { marked(field.segments) } else { %>
<% for (const text of field.items.removed) { %><del><%= text %></del><br><% } %>
<% for (const text of field.items.added) { %><ins><%= text %></ins><br><% } %>
<span class="soft"><%= field.items.unchanged %> unchanged</span>
<% } %></div>
<% } %>
<% details(one) %></div><% source([one.seq]) %></div></li>
<% } %>
</ul>
<% } %>
`;

const renderRule = template<View>(`${PIECES}<h1><%= v.subject %></h1>
<p><span class="tag <%= it.outcome %>"><%= it.outcomeWords %></span><% if (v.document) { %> <% if (v.document.url) { %><a href="<%= v.document.url %>"><%= v.document.title %></a><% } else { %><%= v.document.title %><% } %><% } %></p>
<% if (it.later.length) { %><p class="notice">There is later news about this document: <% for (const one of it.later) { %><a href="<%= one.href %>"><%= one.text %></a> <% } %></p><% } %>
<% if (v.note && !v.held && !(v.notice === 'provisional' && it.later.length)) { %><p<% if (v.notice) { %> class="notice"<% } %>><%= v.note %></p><% } %>
<% if (v.held) { %>
<div class="notice bad"><p class="lead">Not confirmed</p><p><%= v.note %></p>
<p class="lead">What the document states</p><ul><% for (const line of v.stated) { %><li><%= line %></li><% } %><% if (!v.stated.length) { %><li>No counts.</li><% } %></ul>
<p class="lead">Why it is not confirmed</p><ul><% for (const line of v.heldReasons) { %><li><%= line %></li><% } %></ul></div>
<% } %>
<% if (v.differences.length) { %><div class="notice"><p class="lead">What is different now</p><ul><% for (const line of v.differences) { %><li><%= line %></li><% } %></ul></div><% } %>
<% if (v.notice === 'provisional' && v.stated.length) { %><p class="lead">What the filing states</p><ul><% for (const line of v.stated) { %><li><%= line %></li><% } %></ul><% } %>
<p class="lead"><%= v.dates.effective %></p>
<p class="soft"><%= v.dates.known %> <%= v.lead %></p>
<% if (v.filing) { %>
<% for (const fact of v.filing.facts) { %><p class="soft"><%= fact %></p><% } %>
<% for (const letter of v.filing.letters) { %><p>Letter: <% if (letter.url) { %><a href="<%= letter.url %>"><%= letter.title %></a><% } else { %><%= letter.title %><% } %></p><% } %>
<% if (v.filing.editorialNote) { %><p>Editorial note: <%= v.filing.editorialNote %></p><% } %>
<% for (const group of v.filing.named) { %><h3><%= group.title %> (provisional)</h3><ul><% for (const name of group.names) { %><li><%= name %></li><% } %></ul><% } %>
<% } %>
<% if (it.downloads.length) { %><ul class="actions" aria-label="All changes as a file">
<% for (const one of it.downloads) { %><li><a href="<%= one.href %>"><%= one.text %></a></li>
<% } %></ul><% } %>
<h2><%= v.notice === 'provisional' || v.notice === 'withdrawn' ? 'Status' : 'Verification' %></h2>
<p><%= v.verification %></p>
<% if (v.checks.length) { %>
<div class="scroll" tabindex="0" role="region" aria-label="Verification"><table class="stack">
<thead><tr><th scope="col">What was compared</th><th scope="col" class="number">Stated</th><th scope="col" class="number">Found</th><th scope="col">Result</th></tr></thead>
<tbody>
<% for (const check of v.checks) { %>
<tr><td><%= check.message %></td><td class="number" data-head="Stated"><%= check.expected ?? '' %></td><td class="number" data-head="Found"><%= check.found ?? '' %></td><td><span class="tag <%= check.status === 'pass' ? 'good' : check.status === 'fail' ? 'bad' : 'none' %>"><%= check.mark %></span></td></tr>
<% } %>
</tbody></table></div>
<% if (v.moreChecks) { %><p class="soft"><%= v.moreChecks %> more checks are not shown.</p><% } %>
<% } %>
<% if (v.hidden) { %><p class="notice"><%= v.hidden.toLocaleString('en-US') %> changes are not shown on this page; the files above list all of them<% if (it.listHref) { %>, and <a href="<%= it.listHref %>">the list of that day</a> shows them<% } %>.</p><% } %>
<% for (const list of v.lists) { %>
<% if (list.removed.total) { %>
<h2>Removed from the <%= list.title %>: <%= list.removed.total %></h2>
<p>These are no longer on the list. What you block because of them may be unblocked, unless another rule applies.</p>
<ul class="rows"><% for (const one of list.removed.items) { %><li id="change-<%= one.seq %>"><div class="split"><div><% nameOf(one) %> <span class="soft"><%= one.place %></span><% details(one) %></div><% source([one.seq]) %></div></li><% } %></ul>
<% } %>
<% if (list.revised.total) { %><h2>Revised on the <%= list.title %>: <%= list.revised.total %></h2><% revisions(list.revised.items) } %>
<% if (list.added.total) { %>
<h2>Added to the <%= list.title %>: <%= list.added.total %></h2>
<% for (const group of list.added.items) { %>
<h3><%= group.name %>: <%= group.total %></h3>
<% for (const block of group.blocks) { const terms = block.terms; %>
<div class="split"><div class="terms">
<% if (terms.licenseRequirement) { %><div><span class="soft">License requirement</span> <%= terms.licenseRequirement %></div><% } %>
<% if (terms.licenseReviewPolicy) { %><div><span class="soft">License review policy</span> <%= terms.licenseReviewPolicy %></div><% } %>
<% for (const footnote of terms.footnotes) { %><div><%= footnote %></div><% } %>
<% for (const citation of terms.citations) { %><div><a href="<%= citation.url %>"><%= citation.text %></a></div><% } %>
</div><% source(block.entries.map((one) => one.seq)) %></div>
<ul class="rows"><% for (const one of block.entries) { %><li id="change-<%= one.seq %>"><% nameOf(one) %><% details(one) %></li><% } %></ul>
<% } %>
<% } %>
<% } %>
<% if (list.editorial.total) { %><h2>Editorial fixes on the <%= list.title %>: <%= list.editorial.total %></h2><% revisions(list.editorial.items) } %>
<% } %>
<h2>Record</h2>
<dl>
<% if (v.document) { %><dt>Document</dt><dd><%= v.document.number %><%= v.document.citation ? ', ' + v.document.citation : '' %></dd><% } %>
<% if (it.earlier.length) { %><dt>Told before</dt><dd><% for (const one of it.earlier) { %><a href="<%= one.href %>"><%= one.text %></a><br><% } %></dd><% } %>
<% if (it.later.length) { %><dt>Told later</dt><dd><% for (const one of it.later) { %><a href="<%= one.href %>"><%= one.text %></a><br><% } %></dd><% } %>
<% if (it.corrects.length) { %><dt>Corrects</dt><dd><% for (const one of it.corrects) { %><a href="/documents/<%= one %>"><%= one %></a> <% } %></dd><% } %>
<% if (it.correctedBy.length) { %><dt>Corrected by</dt><dd><% for (const one of it.correctedBy) { %><a href="<%= one.href %>"><%= one.text %></a><br><% } %></dd><% } %>
<dt>Who was told</dt><dd><% if (it.told.length) { for (const one of it.told) { %><%= one.what %>: <%= one.count %><br><% } } else { %>Nobody: no subscription wanted it, or its messages are not made yet.<% } %></dd>
<% for (const one of it.stateHashes) { %><dt>State of the <%= one.list %> after it</dt><dd class="mono"><%= one.hash %></dd><% } %>
</dl>
`);

/** A baseline has thousands of entries; a page of 1,000 has 100 KB even compressed. */
const MAX_CHANGES = 400;

/** The page of one change set: both clocks, verification, every change beside what the document says. */
export function renderRulePage(facts: RuleFacts, baseUrl: string): string {
  const { changeSet, changes, earlier, later, correctedBy, source, told } = facts;
  const view = viewAlert(changeSet, changes, { limit: MAX_CHANGES, earlier });
  const bySeq = new Map(changes.map((change) => [change.seq, change]));
  const files = ['csv', 'xlsx', 'json'].map((extension) => ({
    href: `${pathOf(changeSet)}/changes.${extension}`,
    text: `All changes as ${extension === 'xlsx' ? 'a workbook for Excel' : extension.toUpperCase()}`,
  }));
  const content = renderRule({
    view: { ...view, checks: view.checks.map((check) => ({ ...check, mark: MARK[check.status] })) },
    outcome: changeSet.outcome,
    outcomeWords: outcomeWords(changeSet.outcome),
    downloads: changes.length === 0 ? [] : files,
    earlier: earlier.map(linkTo),
    later: later.map(linkTo),
    listHref:
      changeSet.cause === 'baseline' ? `/list?list=${changeSet.lists[0]}&on=${changeSet.effectiveOn}` : '',
    corrects: changeSet.corrects ?? [],
    correctedBy: correctedBy.map((one) => ({
      ...linkTo(one),
      text: `${one.document?.number ?? one.changeSetId}: ${linkTo(one).text}`,
    })),
    stateHashes: Object.entries(changeSet.stateHashes ?? {}).map(([list, hash]) => ({ list, hash })),
    told: told.map(({ channel, status, count, acknowledged }) => ({
      what: `${CHANNEL_TITLES[channel]}, ${STATUS_WORDS[status]}`,
      count: `${count}${acknowledged > 0 ? `, of which ${acknowledged} said that they read it` : ''}`,
    })),
    instructionsOf: (seqs) =>
      instructionTexts(
        seqs.map((seq) => bySeq.get(seq)?.locator?.instruction),
        source,
      ),
    entryOf: (seq) => `/entries/${encodeURIComponent(bySeq.get(seq)!.entryId)}`,
  });
  return layoutPage(view.subject, content, baseUrl, { current: '/changes' });
}

function linkTo(changeSet: ChangeSet): { href: string; text: string } {
  return {
    href: pathOf(changeSet),
    text: `${outcomeWords(changeSet.outcome)}, ${instantInWashington(changeSet.knownAt)}`,
  };
}
