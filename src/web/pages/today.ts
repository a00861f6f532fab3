import type { ListName } from '../../model.ts';
import { dayInWords } from '../../render/date-facts.ts';
import { describeQuiet } from '../../render/quiet-words.ts';
import { template } from '../../render/template.ts';
import { countOf, LIST_TITLES } from '../../render/words.ts';
import { layoutPage } from '../layout.ts';
import type { SourceHealth } from '../site/sources.ts';
import { renderChangeSetRows, type SummedUp } from './change-set-rows.ts';
import { type SourceRow, viewSourceRows } from './source-rows.ts';

export interface TodayFacts {
  now: string;
  /** In Washington. */
  day: string;
  isBusinessDay: boolean;
  /** What we knew today, newest first. */
  today: readonly SummedUp[];
  provisional: readonly SummedUp[];
  held: readonly SummedUp[];
  latest: readonly SummedUp[];
  sources: readonly SourceHealth[];
  listCounts: Partial<Record<ListName, number>>;
}

interface View {
  day: string;
  headline: string;
  text: string;
  isFailing: boolean;
  figures: { title: string; count: string; href: string }[];
  today: string;
  provisional: string;
  held: string;
  latest: string;
  sources: SourceRow[];
}

const renderToday = template<View>(`<h1>What changed on the US export-control lists</h1>
<p class="soft"><%= it.day %>, by the clock of Washington</p>
<div class="notice<% if (it.isFailing) { %> bad<% } else if (!it.today) { %> good<% } %>"><p class="lead"><%= it.headline %></p><% if (it.text) { %><p><%= it.text %></p><% } %></div>
<%~ it.today %>
<% if (it.figures.length) { %><ul class="figures">
<% for (const one of it.figures) { %><li><a href="<%= one.href %>"><b><%= one.count %></b></a><span class="soft">on the <%= one.title %></span></li>
<% } %></ul><% } %>
<% if (it.held) { %><h2>Held: not confirmed</h2>
<p>These documents say that they change a list, and our reading of them does not fit what they state. The list is as it was until somebody has looked.</p>
<%~ it.held %><% } %>
<% if (it.provisional) { %><h2>Provisional: filed, not published yet</h2>
<p>Read from the raw text of filings on public inspection. Each will be confirmed, corrected or withdrawn.</p>
<%~ it.provisional %><% } %>
<h2><%= it.today ? 'Before today' : 'Latest changes' %></h2>
<% if (it.latest) { %><%~ it.latest %><p><a href="/changes">All changes</a></p><% } else { %><p>Nothing yet. Changes appear here as soon as a rule is read; the operator loads the lists with <code>elwatch baseline</code>.</p><% } %>
<h2>Sources</h2>
<% if (it.sources.length) { %><div class="scroll" tabindex="0" role="region" aria-label="Sources"><table class="stack"><thead><tr><th scope="col">Source</th><th scope="col">State</th><th scope="col">Last success</th><th scope="col">Lag of its newest</th><th scope="col">Next check</th></tr></thead><tbody>
<% for (const one of it.sources) { %><tr><th scope="row"><%= one.title %><br><span class="soft"><%= one.gives %></span></th>
<td data-head="State"><span class="tag <%= one.isBad ? 'bad' : 'good' %>"><%= one.state %></span><% if (one.failure) { %><div class="soft"><%= one.failure %> (<%= one.tried %>)</div><% } %></td>
<td data-head="Last success"><%= one.last %> <span class="soft"><%= one.ago %></span></td>
<td data-head="Lag of its newest"><% if (one.lagOf) { %><a href="/documents/<%= encodeURIComponent(one.lagOf) %>"><%= one.lagOf %></a> <% } %><%= one.lag %></td><td data-head="Next check"><%= one.next %></td></tr>
<% } %></tbody></table></div><% } else { %><p>No source was asked yet. That is done within two minutes of the start.</p><% } %>
`);

/** The first page. */
export function renderTodayPage(facts: TodayFacts, baseUrl: string): string {
  const { day, today, sources, now } = facts;
  const rows = (of: readonly SummedUp[]) => (of.length === 0 ? '' : renderChangeSetRows(of));
  const { headline, text, isFailing } = headlineOf(facts);
  const content = renderToday({
    ...{ headline, text, isFailing },
    day: dayInWords(day),
    figures: Object.entries(facts.listCounts).map(([list, count]) => ({
      title: LIST_TITLES[list as ListName],
      count: count.toLocaleString('en-US'),
      href: `/list?list=${list}`,
    })),
    // What is held stands below, under its own heading.
    today: rows(today.filter(({ changeSet }) => changeSet.outcome !== 'held')),
    provisional: rows(facts.provisional),
    held: rows(facts.held),
    latest: rows(facts.latest),
    sources: viewSourceRows(sources, now),
  });
  return layoutPage('Today', content, baseUrl, { current: '/' });
}

/** What a reader wants to know first: was there a rule, and can the answer be trusted. */
function headlineOf({ day, today, sources, isBusinessDay }: TodayFacts) {
  const asked = sources.filter(({ title }) => title === 'Federal Register' || title === 'Public inspection');
  const checks = asked.map(({ lastSuccessAt }) => lastSuccessAt ?? '').sort();
  const checkedAt = checks[0] || null;
  const isFailing = asked.length === 0 || asked.some(({ isLate }) => isLate);
  if (today.length > 0)
    return {
      headline: `${joinCounts(today)} today`,
      text: isFailing
        ? 'Since then our checks of the Federal Register fail, so there may be more than is shown here.'
        : '',
      isFailing,
    };
  const quiet = describeQuiet({ day, checkedAt, isFailing, documentsCount: 0 });
  const closed = 'Nothing is printed on weekends and federal holidays; filings may come at any hour.';
  return { headline: quiet.subject, text: isBusinessDay || isFailing ? quiet.text : closed, isFailing };
}

/** "2 rules and 1 notice": a notice is what is provisional, held or withdrawn. */
function joinCounts(today: readonly SummedUp[]): string {
  const rules = today.filter(({ changeSet }) => changeSet.outcome === 'applied').length;
  const notices = today.length - rules;
  return [
    rules === 0 ? '' : countOf(rules, 'rule', 'rules'),
    notices === 0 ? '' : countOf(notices, 'notice', 'notices'),
  ]
    .filter((words) => words !== '')
    .join(' and ');
}
