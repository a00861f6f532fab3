import { addDays, easternDay } from '../../days.ts';
import type { ListName } from '../../model.ts';
import { dayNumber, layoutColumns, layoutLines, layoutRows } from '../../render/chart.ts';
import { dayInWords, instantInWashington } from '../../render/date-facts.ts';
import { template } from '../../render/template.ts';
import { countOf, LIST_TITLES } from '../../render/words.ts';
import type { Followed, Lead } from '../../store/figures.ts';
import { layoutPage } from '../layout.ts';
import { countOn, type MonthCounts, monthsBetween, type PlaceSeries } from '../site/chart-data.ts';
import { drawBoth, FIGURES, type Figure } from './chart-figure.ts';
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

const FOLD_FROM = 6;

const renderCharts = template<{ lists: Option[]; figures: Figure[] }>(`${OPTIONS}${FIGURES}<h1>Charts</h1>
<form class="filters" method="get" action="/charts" aria-label="List" data-live="#results">
<div><label for="list">List</label><select id="list" name="list"><% choose(it.lists) %></select></div>
<div><button type="submit">Show</button></div>
</form>
<div id="results">
<% for (const figure of it.figures) { show(figure) } %></div>
`);

/** Counts of a list over time, and how early and how late others know of a rule. */
export function renderChartsPage(facts: ChartFacts, baseUrl: string): string {
  const content = renderCharts({
    lists: listOptions(facts.list, ''),
    figures: [drawPlaces(facts), drawMonths(facts), drawLeads(facts), drawFollowed(facts)],
  });
  return layoutPage('Charts', content, baseUrl, { current: '/charts' });
}

function drawPlaces({ list, today, places }: ChartFacts): Figure {
  const title = LIST_TITLES[list];
  const figure = {
    heading: `Entries of the ${title} by destination`,
    text: 'How many entries are in effect on each day, under the destinations that have most today.',
  };
  const from = places[0]?.points[0]?.day;
  if (from === undefined) return { ...figure, drawings: [], table: null, empty: notLoaded(list) };
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
    drawings: drawBoth((size) => {
      const { lines, ...axes } = layoutLines(places, { from, to: today }, size);
      return {
        ...axes,
        id: 'places',
        title: figure.heading,
        description: `From ${dayInWords(from)} to ${dayInWords(today)}. Today: ${now.join(', ')}.`,
        lines: lines.map((line, at) => ({
          ...line,
          label: size === 'wide' ? shortLabel(now[at]!) : '',
          tone: `s${at + 1}`,
        })),
      };
    }),
    legend: now.map((text, at) => ({ text, tone: `s${at + 1}`, isLine: true })),
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
      isWords: false,
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
  if (months.length === 0) return { ...figure, drawings: [], table: null, empty: notLoaded(list) };
  if (total === 0)
    return {
      ...figure,
      drawings: [],
      table: null,
      empty:
        'No rule has added or removed an entry since the list was loaded. For a longer past, the operator runs elwatch backfill.',
    };
  const groups = months.map(({ month, added, removed }) => ({
    label: monthInShort(month),
    values: [added, removed],
  }));
  const words = ({ month, added, removed }: MonthCounts) =>
    `${monthInWords(month)}: ${countOf(added, 'addition', 'additions')}, ${countOf(removed, 'removal', 'removals')}`;
  const highest = months.reduce((best, one) => (one.added > best.added ? one : best));
  return {
    ...figure,
    drawings: drawBoth((size) => {
      const { columns, ...axes } = layoutColumns(groups, size);
      return {
        ...axes,
        id: 'months',
        title: figure.heading,
        description: `${countOf(months.length, 'month', 'months')}. Most additions in ${words(highest)}.`,
        bars: columns.flatMap((pair, at) =>
          pair.map((bar, place) => ({
            ...bar,
            tone: place === 0 ? '' : 'second',
            title: words(months[at]!),
          })),
        ),
      };
    }),
    legend: [
      { text: 'Additions', tone: '', isLine: false },
      { text: 'Removals', tone: 'second', isLine: false },
    ],
    table: {
      caption: 'Additions and removals per month',
      heads: ['Month', 'Additions', 'Removals'],
      rows: [...months].reverse().map(({ month, added, removed }) => ({
        head: monthInWords(month),
        href: `/changes?list=${list}&effectiveFrom=${month}-01&effectiveTo=${lastDayOf(month)}`,
        cells: [added.toLocaleString('en-US'), removed.toLocaleString('en-US')],
      })),
      isLong: months.length > FOLD_FROM,
      isWords: false,
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
      drawings: [],
      table: null,
      empty:
        'No rule has been told by its filing yet. The desk is asked each minute on business days; the first filing about a list appears here.',
    };
  const days = ({ toldAt, publishedOn }: Lead) =>
    publishedOn === null ? null : Math.max(0, dayNumber(publishedOn) - dayNumber(easternDay(toldAt)));
  const words = (lead: Lead) => {
    const count = days(lead);
    if (count === null) return 'not scheduled';
    return `${countOf(count, 'day', 'days')}${lead.isPublished ? '' : ', scheduled'}`;
  };
  return {
    ...figure,
    drawings: drawBoth((size) => {
      const { plot, x, rows } = layoutRows(
        leads.map((lead) => ({ values: [days(lead)] })),
        size,
      );
      return {
        ...{ plot, x },
        id: 'leads',
        title: figure.heading,
        description: leads.map((lead) => `${lead.number}: ${words(lead)}`).join('; '),
        bars: rows.flatMap(({ bars: [bar] }, at) =>
          bar ? [{ ...bar, tone: leads[at]!.isPublished ? '' : 'open', title: words(leads[at]!) }] : [],
        ),
        texts: rows.flatMap(({ label, ends: [end] }, at) => [
          { ...label, text: leads[at]!.number },
          { ...end!, text: words(leads[at]!), anchor: 'start' },
        ]),
      };
    }),
    legend: [],
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
      isWords: true,
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
      drawings: [],
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
  const named = ({ number, ecfr, csl }: (typeof rules)[number]) =>
    `${number}: eCFR ${words(ecfr)}, CSL ${words(csl)}`;
  return {
    ...figure,
    drawings: drawBoth((size) => {
      const { plot, x, rows } = layoutRows(
        rules.map(({ ecfr, csl }) => ({ values: [lengthOf(ecfr), lengthOf(csl)] })),
        size,
      );
      const told = rows.flatMap(({ bars, ends }, at) =>
        bars.flatMap((bar, place) => {
          const line = place === 0 ? rules[at]!.ecfr : rules[at]!.csl;
          return bar === null || line === null ? [] : [{ bar, end: ends[place]!, place, line }];
        }),
      );
      return {
        ...{ plot, x },
        id: 'followed',
        title: figure.heading,
        description: rules.map(named).join('; '),
        bars: told.map(({ bar, place, line }) => ({
          ...bar,
          tone: `${place === 0 ? '' : 'second'}${line.days === null ? ' open' : ''}`,
          title: `${place === 0 ? 'eCFR' : 'CSL'}: ${words(line)}`,
        })),
        texts: [
          ...rows.map(({ label }, at) => ({ ...label, text: rules[at]!.number })),
          ...told.map(({ end, line }) => ({ ...end, text: words(line), anchor: 'start' })),
        ],
      };
    }),
    legend: [
      { text: 'eCFR', tone: '', isLine: false },
      { text: 'Consolidated Screening List', tone: 'second', isLine: false },
      { text: 'outlined: not there yet', tone: 'open', isLine: false },
    ],
    table: {
      caption: 'Business days from publication',
      heads: ['Document', 'List', 'Published', 'eCFR', 'Consolidated Screening List'],
      rows: rules.map(({ number, list, ecfr, csl }) => ({
        head: number,
        href: `/documents/${encodeURIComponent(number)}`,
        cells: [LIST_TITLES[list], dayInWords((ecfr ?? csl)!.publishedOn), words(ecfr), words(csl)],
      })),
      isLong: rules.length > FOLD_FROM,
      isWords: true,
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

/** "Mar 2025" of "2025-03", which has room below an axis. */
function monthInShort(month: string): string {
  const [name, , year] = dayInWords(`${month}-01`).split(' ');
  return `${name!.slice(0, 3)} ${year}`;
}

function lastDayOf(month: string): string {
  const next = monthsBetween(`${month}-01`, addDays(`${month}-01`, 31)).at(-1)!;
  return addDays(`${next}-01`, -1);
}
