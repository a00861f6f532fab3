import { addDays, easternDay } from '../../days.ts';
import type { ListName } from '../../model.ts';
import {
  dayNumber,
  layoutColumns,
  layoutLines,
  layoutRows,
  type Plot,
  type Tick,
} from '../../render/chart.ts';
import { dayInWords, instantInWashington } from '../../render/date-facts.ts';
import { template } from '../../render/template.ts';
import { countOf, LIST_TITLES } from '../../render/words.ts';
import type { Followed, Lead } from '../../store/figures.ts';
import { layoutPage } from '../layout.ts';
import { countOn, type MonthCounts, monthsBetween, type PlaceSeries } from '../site/chart-data.ts';
import { listOptions, OPTIONS, type Option } from './filter-fields.ts';

export interface ChartFacts {
  list: ListName;
  today: string;
  /** Entries by destination; empty where the list is not loaded. */
  places: readonly PlaceSeries[];
  months: readonly MonthCounts[];
  leads: readonly Lead[];
  followed: readonly Followed[];
}

interface Axis extends Tick {
  anchor: string;
}

/** What one drawing is made of. */
interface Drawing {
  id: string;
  title: string;
  description: string;
  plot: Plot;
  x: Axis[];
  y: Tick[];
  lines: { path: string; tone: string; label: string; labelX: number; labelY: number }[];
  bars: { x: number; y: number; width: number; height: number; tone: string; title: string }[];
  texts: { x: number; y: number; text: string; anchor: string }[];
  legend: { text: string; tone: string }[];
}

interface Table {
  caption: string;
  heads: string[];
  rows: { head: string; href: string; cells: string[] }[];
  /** Folded in where it is long. */
  isLong: boolean;
}

interface Figure {
  heading: string;
  text: string;
  drawing: Drawing | null;
  table: Table | null;
  /** Where there is nothing to draw: why, and what to do. */
  empty: string;
}

const FOLD_FROM = 6;

const renderCharts = template<{ lists: Option[]; figures: Figure[] }>(`${OPTIONS}<h1>Charts</h1>
<form class="filters" method="get" action="/charts" aria-label="List" data-live="#results">
<div><label for="list">List</label><select id="list" name="list"><% choose(it.lists) %></select></div>
<div><button type="submit">Show</button></div>
</form>
<% const table = (t) => { %><div class="scroll" tabindex="0" role="region" aria-label="<%= t.caption %>"><table class="numbers"><caption><%= t.caption %></caption>
<thead><tr><% for (const [at, head] of t.heads.entries()) { %><th scope="col"<% if (at) { %> class="number"<% } %>><%= head %></th><% } %></tr></thead><tbody>
<% for (const row of t.rows) { %><tr><th scope="row"><% if (row.href) { %><a href="<%= row.href %>"><%= row.head %></a><% } else { %><%= row.head %><% } %></th><% for (const cell of row.cells) { %><td class="number"><%= cell %></td><% } %></tr>
<% } %></tbody></table></div><% } %>
<div id="results">
<% for (const figure of it.figures) { %><section>
<h2><%= figure.heading %></h2>
<p><%= figure.text %></p>
<% if (figure.empty) { %><p class="notice"><%= figure.empty %></p><% } %>
<% const d = figure.drawing; if (d) { %><div class="scroll" tabindex="0" role="region" aria-label="Drawing: <%= d.title %>"><svg class="chart" viewBox="0 0 <%= d.plot.width %> <%= d.plot.height %>" role="img" aria-labelledby="<%= d.id %>-title <%= d.id %>-desc">
<title id="<%= d.id %>-title"><%= d.title %></title><desc id="<%= d.id %>-desc"><%= d.description %></desc>
<% for (const tick of d.y) { %><line class="axis" x1="<%= d.plot.left %>" x2="<%= d.plot.right %>" y1="<%= tick.at %>" y2="<%= tick.at %>"/><text x="<%= d.plot.left - 8 %>" y="<%= tick.at + 4 %>" text-anchor="end"><%= tick.label %></text>
<% } %><% for (const tick of d.x) { %><% if (!d.y.length) { %><line class="axis" x1="<%= tick.at %>" x2="<%= tick.at %>" y1="<%= d.plot.top %>" y2="<%= d.plot.bottom %>"/><% } %><text x="<%= tick.at %>" y="<%= d.plot.bottom + 18 %>" text-anchor="<%= tick.anchor %>"><%= tick.label %></text>
<% } %><% for (const bar of d.bars) { %><rect class="bar <%= bar.tone %>" x="<%= bar.x %>" y="<%= bar.y %>" width="<%= bar.width %>" height="<%= bar.height %>"><title><%= bar.title %></title></rect>
<% } %><% for (const line of d.lines) { %><path class="line <%= line.tone %>" d="<%= line.path %>"/><text class="name <%= line.tone %>" x="<%= line.labelX %>" y="<%= line.labelY + 4 %>"><%= line.label %></text>
<% } %><% for (const one of d.texts) { %><text x="<%= one.x %>" y="<%= one.y %>" text-anchor="<%= one.anchor %>"><%= one.text %></text>
<% } %></svg></div>
<% if (d.legend.length) { %><ul class="bars"><% for (const one of d.legend) { %><li><svg class="chart-bar" width="14" height="10" aria-hidden="true"><rect class="bar <%= one.tone %>" width="14" height="10"/></svg> <%= one.text %></li><% } %></ul><% } %><% } %>
<% if (figure.table) { if (figure.table.isLong) { %><details><summary>The numbers: <%= figure.table.rows.length %> rows</summary><% table(figure.table) %></details><% } else { table(figure.table) } } %>
</section>
<% } %></div>
`);

/** Counts of a list over time, and how early and how late others know of a rule. */
export function renderChartsPage(facts: ChartFacts, baseUrl: string): string {
  const content = renderCharts({
    lists: listOptions(facts.list, ''),
    figures: [drawPlaces(facts), drawMonths(facts), drawLeads(facts), drawFollowed(facts)],
  });
  return layoutPage('Charts', content, baseUrl, { current: '/charts' });
}

/** Lines have no bars, and so on: what most drawings leave empty. */
const PLAIN = { y: [], lines: [], bars: [], texts: [], legend: [] };

function drawPlaces({ list, today, places }: ChartFacts): Figure {
  const title = LIST_TITLES[list];
  const figure = {
    heading: `Entries of the ${title} by destination`,
    text: 'How many entries are in effect on each day, under the destinations that have most today.',
  };
  const from = places[0]?.points[0]?.day;
  if (from === undefined) return { ...figure, drawing: null, table: null, empty: notLoaded(list) };
  const layout = layoutLines(places, { from, to: today });
  const now = places.map(({ label, points }) => `${label} ${countOn(points, today).toLocaleString('en-US')}`);
  // The first of each month among the days of change, so that a quiet year has its rows as well.
  const days = [
    ...places.flatMap(({ points }) => points.map(({ day }) => day)),
    ...monthsBetween(from, today)
      .slice(1)
      .map((month) => `${month}-01`),
    today,
  ];
  const distinct = [...new Set(days)].sort();
  return {
    ...figure,
    drawing: {
      ...PLAIN,
      id: 'places',
      title: figure.heading,
      description: `From ${dayInWords(from)} to ${dayInWords(today)}. Today: ${now.join(', ')}.`,
      plot: layout.plot,
      x: layout.x.map((tick) => ({ ...tick, anchor: 'middle' })),
      y: layout.y,
      lines: layout.lines.map((line, at) => ({ ...line, label: shortLabel(now[at]!), tone: `s${at + 1}` })),
    },
    table: {
      caption: `Entries at the end of the day`,
      heads: ['Day', ...places.map(({ label }) => label), 'All'],
      // The newest day is what most readers look for.
      rows: distinct.reverse().map((day) => {
        const counts = places.map(({ points }) => countOn(points, day));
        const all = counts.reduce((sum, count) => sum + count, 0);
        return {
          head: dayInWords(day),
          href: `/list?list=${list}&on=${day}`,
          cells: [...counts, all].map((count) => count.toLocaleString('en-US')),
        };
      }),
      isLong: distinct.length > FOLD_FROM,
    },
    empty: '',
  };
}

function drawMonths({ list, months }: ChartFacts): Figure {
  const figure = {
    heading: `Additions to the ${LIST_TITLES[list]} per month`,
    text: 'By the day of effect, with removals beside them. What a stay or a correction did is not counted.',
  };
  const total = months.reduce((sum, { added, removed }) => sum + added + removed, 0);
  if (months.length === 0) return { ...figure, drawing: null, table: null, empty: notLoaded(list) };
  if (total === 0)
    return {
      ...figure,
      drawing: null,
      table: null,
      empty:
        'No rule has added or removed an entry since the list was loaded. For a longer past, the operator runs elwatch backfill.',
    };
  const layout = layoutColumns(
    months.map(({ month, added, removed }) => ({ label: monthInWords(month), values: [added, removed] })),
  );
  const words = ({ month, added, removed }: MonthCounts) =>
    `${monthInWords(month)}: ${countOf(added, 'addition', 'additions')}, ${countOf(removed, 'removal', 'removals')}`;
  const highest = months.reduce((best, one) => (one.added > best.added ? one : best));
  return {
    ...figure,
    drawing: {
      ...PLAIN,
      id: 'months',
      title: figure.heading,
      description: `${countOf(months.length, 'month', 'months')}. Most additions in ${words(highest)}.`,
      plot: layout.plot,
      x: layout.x.map((tick) => ({ ...tick, anchor: 'middle' })),
      y: layout.y,
      bars: layout.columns.flatMap((pair, at) =>
        pair.map((bar, place) => ({ ...bar, tone: place === 0 ? '' : 'second', title: words(months[at]!) })),
      ),
      legend: [
        { text: 'Additions', tone: '' },
        { text: 'Removals', tone: 'second' },
      ],
    },
    table: {
      caption: 'Additions and removals per month',
      heads: ['Month', 'Additions', 'Removals'],
      rows: [...months].reverse().map(({ month, added, removed }) => ({
        head: monthInWords(month),
        href: `/changes?list=${list}&effectiveFrom=${month}-01&effectiveTo=${lastDayOf(month)}`,
        cells: [added.toLocaleString('en-US'), removed.toLocaleString('en-US')],
      })),
      isLong: months.length > FOLD_FROM,
    },
    empty: '',
  };
}

function drawLeads({ leads }: ChartFacts): Figure {
  const figure = {
    heading: 'From filing to publication',
    text: 'How many days before its publication a rule was told here, from its filing on public inspection.',
  };
  if (leads.length === 0)
    return {
      ...figure,
      drawing: null,
      table: null,
      empty:
        'No rule has been told by its filing yet. The desk is asked each minute on business days; the first filing about a list appears here.',
    };
  const days = ({ toldAt, publishedOn }: Lead) =>
    publishedOn === null ? null : Math.max(0, dayNumber(publishedOn) - dayNumber(easternDay(toldAt)));
  const layout = layoutRows(leads.map((lead) => ({ values: [days(lead)] })));
  const words = (lead: Lead) => {
    const count = days(lead);
    if (count === null) return 'not scheduled';
    return `${countOf(count, 'day', 'days')}${lead.isPublished ? '' : ', scheduled'}`;
  };
  return {
    ...figure,
    drawing: {
      ...PLAIN,
      id: 'leads',
      title: figure.heading,
      description: leads.map((lead) => `${lead.number}: ${words(lead)}`).join('; '),
      plot: layout.plot,
      x: layout.x.map((tick) => ({ ...tick, anchor: 'middle' })),
      bars: layout.rows.flatMap(({ bars: [bar] }, at) =>
        bar ? [{ ...bar, tone: leads[at]!.isPublished ? '' : 'open', title: words(leads[at]!) }] : [],
      ),
      texts: layout.rows.flatMap(({ labelY, bars: [bar] }, at) => [
        { x: layout.plot.left - 8, y: labelY, text: leads[at]!.number, anchor: 'end' },
        {
          x: (bar ? bar.x + bar.width : layout.plot.left) + 6,
          y: labelY,
          text: words(leads[at]!),
          anchor: 'start',
        },
      ]),
    },
    table: {
      caption: 'Filing, first notice here, and publication',
      heads: ['Document', 'Filed', 'Told here', 'Published', 'Days before'],
      rows: leads.map((lead) => ({
        head: lead.number,
        href: `/documents/${encodeURIComponent(lead.number)}`,
        cells: [
          lead.filedAt === null ? 'not known' : instantInWashington(lead.filedAt),
          instantInWashington(lead.toldAt),
          lead.publishedOn === null
            ? 'not scheduled'
            : `${dayInWords(lead.publishedOn)}${lead.isPublished ? '' : ' (scheduled)'}`,
          String(days(lead) ?? ''),
        ],
      })),
      isLong: leads.length > FOLD_FROM,
    },
    empty: '',
  };
}

function drawFollowed({ followed }: ChartFacts): Figure {
  const figure = {
    heading: 'Until eCFR and the Consolidated Screening List followed',
    text: 'Business days from the publication of a rule to the first night on which all of it was there.',
  };
  if (followed.length === 0)
    return {
      ...figure,
      drawing: null,
      table: null,
      empty:
        'The nightly comparison has seen no rule yet. It keeps a record of each one that is published from now on; the operator can compare at once with elwatch audit.',
    };
  const rules = [...new Set(followed.map(({ number, list }) => `${number} ${list}`))].map((key) => {
    const lines = followed.filter(({ number, list }) => `${number} ${list}` === key);
    const of = (source: Followed['source']) => lines.find((line) => line.source === source) ?? null;
    return { number: lines[0]!.number, list: lines[0]!.list, ecfr: of('ecfr'), csl: of('csl') };
  });
  const words = (line: Followed | null) =>
    line === null
      ? 'not compared'
      : line.days === null
        ? `not there by day ${line.lastDay}`
        : countOf(line.days, 'day', 'days');
  const lengthOf = (line: Followed | null) => (line === null ? null : (line.days ?? line.lastDay));
  const layout = layoutRows(rules.map(({ ecfr, csl }) => ({ values: [lengthOf(ecfr), lengthOf(csl)] })));
  const named = ({ number, ecfr, csl }: (typeof rules)[number]) =>
    `${number}: eCFR ${words(ecfr)}, CSL ${words(csl)}`;
  return {
    ...figure,
    drawing: {
      ...PLAIN,
      id: 'followed',
      title: figure.heading,
      description: rules.map(named).join('; '),
      plot: layout.plot,
      x: layout.x.map((tick) => ({ ...tick, anchor: 'middle' })),
      bars: layout.rows.flatMap(({ bars }, at) =>
        bars.flatMap((bar, place) => {
          const line = place === 0 ? rules[at]!.ecfr : rules[at]!.csl;
          if (bar === null || line === null) return [];
          const tone = `${place === 0 ? '' : 'second'}${line.days === null ? ' open' : ''}`;
          return [{ ...bar, tone, title: `${place === 0 ? 'eCFR' : 'CSL'}: ${words(line)}` }];
        }),
      ),
      texts: layout.rows.flatMap(({ labelY, bars }, at) => [
        { x: layout.plot.left - 8, y: labelY, text: rules[at]!.number, anchor: 'end' },
        ...bars.flatMap((bar, place) => {
          const line = place === 0 ? rules[at]!.ecfr : rules[at]!.csl;
          if (bar === null || line === null) return [];
          return [{ x: bar.x + bar.width + 6, y: bar.y + 10, text: words(line), anchor: 'start' }];
        }),
      ]),
      legend: [
        { text: 'eCFR', tone: '' },
        { text: 'Consolidated Screening List', tone: 'second' },
        { text: 'outlined: not there yet', tone: 'open' },
      ],
    },
    table: {
      caption: 'Business days from publication',
      heads: ['Document', 'List', 'Published', 'eCFR', 'Consolidated Screening List'],
      rows: rules.map(({ number, list, ecfr, csl }) => ({
        head: number,
        href: `/documents/${encodeURIComponent(number)}`,
        cells: [LIST_TITLES[list], dayInWords((ecfr ?? csl)!.publishedOn), words(ecfr), words(csl)],
      })),
      isLong: rules.length > FOLD_FROM,
    },
    empty: '',
  };
}

/** What has room beside a drawing; the table has it whole. */
function shortLabel(text: string): string {
  return text.length <= 27 ? text : `${text.slice(0, 14)}…${text.slice(-12)}`;
}

function notLoaded(list: ListName): string {
  return `The ${LIST_TITLES[list]} is not loaded here yet. The service loads it at its first start, and its operator with elwatch baseline.`;
}

/** "March 2025" of "2025-03". */
function monthInWords(month: string): string {
  const [name, , year] = dayInWords(`${month}-01`).split(' ');
  return `${name} ${year}`;
}

function lastDayOf(month: string): string {
  const next = monthsBetween(`${month}-01`, addDays(`${month}-01`, 31)).at(-1)!;
  return addDays(`${next}-01`, -1);
}
