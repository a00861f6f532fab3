import type { ChangeSet } from '../../model.ts';
import { dateFacts } from '../../render/date-facts.ts';
import { template } from '../../render/template.ts';
import type { Summary } from '../summaries.ts';

/** A change set with what it comes to. */
export interface SummedUp {
  changeSet: ChangeSet;
  summary: Summary;
  /** What was told last about the same document since; null where there is nothing, or where it was applied. */
  since: ChangeSet | null;
}

interface Row {
  href: string;
  title: string;
  outcome: string;
  outcomeWords: string;
  effective: string;
  known: string;
  document: string;
  since: { href: string; words: string } | null;
  barsTitle: string;
  bars: { name: string; count: number; length: number }[];
  more: number;
}

const OUTCOME_WORDS: Record<ChangeSet['outcome'], string> = {
  applied: 'applied',
  held: 'not confirmed',
  provisional: 'provisional',
  withdrawn: 'withdrawn',
};
const MOST_BARS = 6;
/** Of the longest bar, in pixels. */
const BAR_LENGTH = 120;

const renderRows = template<{ rows: Row[] }>(`<ol class="rows">
<% for (const row of it.rows) { %><li><a class="title" href="<%= row.href %>"><%= row.title %></a>
<div class="soft"><span class="tag <%= row.outcome %>"><%= row.outcomeWords %></span> <% if (row.since) { %><a class="tag good" href="<%= row.since.href %>"><%= row.since.words %></a> <% } %><%= row.effective %> <%= row.known %> <%= row.document %></div>
<% if (row.bars.length > 1) { %><ul class="bars" aria-label="<%= row.barsTitle %> under each destination"><li class="soft"><%= row.barsTitle %></li>
<% for (const bar of row.bars) { %><li><svg class="chart-bar" width="<%= bar.length %>" height="10" aria-hidden="true"><rect class="bar" width="<%= bar.length %>" height="10"/></svg> <%= bar.name %> <%= bar.count %></li>
<% } %><% if (row.more) { %><li class="soft">and <%= row.more %> more destinations</li><% } %></ul><% } %></li>
<% } %></ol>
`);

/** The one way in which change sets stand in a list on a page: title, state, both clocks, counts per destination. */
export function renderChangeSetRows(rows: readonly SummedUp[]): string {
  return renderRows({ rows: rows.map(viewRow) });
}

/** Path of the page of a change set. */
export function pathOf({ changeSetId }: Pick<ChangeSet, 'changeSetId'>): string {
  return `/changes/${encodeURIComponent(changeSetId)}`;
}

/** What a reader calls an outcome. */
export function outcomeWords(outcome: ChangeSet['outcome']): string {
  return OUTCOME_WORDS[outcome];
}

const SINCE_WORDS: Record<ChangeSet['outcome'], string> = {
  applied: 'confirmed since',
  held: 'published since, not confirmed',
  provisional: 'told anew since',
  withdrawn: 'withdrawn since',
};

function viewRow({ changeSet, summary, since }: SummedUp): Row {
  const { destinations } = summary;
  const longest = Math.max(1, ...destinations.map(({ count }) => count));
  return {
    href: pathOf(changeSet),
    title: summary.title,
    outcome: changeSet.outcome,
    outcomeWords: OUTCOME_WORDS[changeSet.outcome],
    ...dateFacts(changeSet),
    document: changeSet.document === null ? '' : `Document ${changeSet.document.number}.`,
    since: since === null ? null : { href: pathOf(since), words: SINCE_WORDS[since.outcome] },
    barsTitle: summary.counts.added ? 'Additions' : 'Changes',
    bars: destinations.slice(0, MOST_BARS).map(({ name, count }) => ({
      name,
      count,
      length: Math.max(2, Math.round((BAR_LENGTH * count) / longest)),
    })),
    more: Math.max(0, destinations.length - MOST_BARS),
  };
}
