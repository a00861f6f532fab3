import type { Plot, Size, Tick } from '../../render/chart.ts';

/** What one drawing is made of. */
interface Drawing {
  id: string;
  title: string;
  description: string;
  plot: Plot;
  x: Tick[];
  /** Without them, the ticks across have lines of their own. */
  y: Tick[];
  /** A label is empty where there is no room for it; the legend has it then. */
  lines: { path: string; tone: string; label: string; labelX: number; labelY: number }[];
  bars: { x: number; y: number; width: number; height: number; tone: string; title: string }[];
  texts: { x: number; y: number; text: string; anchor: string }[];
}

interface Table {
  caption: string;
  heads: string[];
  rows: { head: string; href: string; cells: string[] }[];
  /** Folded in where it is long. */
  isLong: boolean;
  /** On a phone, a table of words becomes blocks; one of counts, to be compared, is pushed aside behind its first column. */
  isWords: boolean;
}

/** A heading with its drawing and table. */
export interface Figure {
  heading: string;
  text: string;
  /** The same drawing for wide and for narrow windows, of which one is seen. */
  drawings: (Drawing & { size: Size })[];
  legend?: { text: string; tone: string; isLine: boolean }[];
  table: Table | null;
  /** Where there is nothing to draw: why, and what to do. */
  empty: string;
}

type Marks = 'y' | 'lines' | 'bars' | 'texts';

/** Draws for both sizes; what a drawing has none of may be left out. */
export function drawBoth(
  draw: (size: Size) => Omit<Drawing, Marks> & Partial<Pick<Drawing, Marks>>,
): Figure['drawings'] {
  return (['wide', 'narrow'] as const).map((size) => {
    const drawing = draw(size);
    // Both are in the page, so an id has to say which it is of.
    return { y: [], lines: [], bars: [], texts: [], ...drawing, id: `${drawing.id}-${size}`, size };
  });
}

/** A part of a template: shows a `Figure`. */
export const FIGURES = `<% const table = (t) => { %><div class="scroll<% if (!t.isWords) { %> hint<% } %>" tabindex="0" role="region" aria-label="<%= t.caption %>"><table class="numbers<% if (t.isWords) { %> stack<% } %>"><caption><%= t.caption %></caption>
<thead><tr><% for (const [at, head] of t.heads.entries()) { %><th scope="col"<% if (at) { %> class="number"<% } %>><%= head %></th><% } %></tr></thead><tbody>
<% for (const row of t.rows) { %><tr><th scope="row"><% if (row.href) { %><a href="<%= row.href %>"><%= row.head %></a><% } else { %><%= row.head %><% } %></th><% for (const [at, cell] of row.cells.entries()) { %><td class="number"<% if (t.isWords) { %> data-head="<%= t.heads[at + 1] %>"<% } %>><%= cell %></td><% } %></tr>
<% } %></tbody></table></div><% } %>
<% const draw = (d) => { %><svg class="chart<% if (d.size === 'narrow') { %> narrow<% } %>" viewBox="0 0 <%= d.plot.width %> <%= d.plot.height %>" role="img" aria-labelledby="<%= d.id %>-title <%= d.id %>-desc">
<title id="<%= d.id %>-title"><%= d.title %></title><desc id="<%= d.id %>-desc"><%= d.description %></desc>
<% for (const tick of d.y) { %><line class="axis" x1="<%= d.plot.left %>" x2="<%= d.plot.right %>" y1="<%= tick.at %>" y2="<%= tick.at %>"/><text x="<%= d.plot.left - 8 %>" y="<%= tick.at + 4 %>" text-anchor="end"><%= tick.label %></text>
<% } %><% for (const tick of d.x) { %><% if (!d.y.length) { %><line class="axis" x1="<%= tick.at %>" x2="<%= tick.at %>" y1="<%= d.plot.top %>" y2="<%= d.plot.bottom %>"/><% } %><text x="<%= tick.at %>" y="<%= d.plot.bottom + 18 %>" text-anchor="middle"><%= tick.label %></text>
<% } %><% for (const bar of d.bars) { %><rect class="bar <%= bar.tone %>" x="<%= bar.x %>" y="<%= bar.y %>" width="<%= bar.width %>" height="<%= bar.height %>"><title><%= bar.title %></title></rect>
<% } %><% for (const line of d.lines) { %><path class="line <%= line.tone %>" d="<%= line.path %>"/><% if (line.label) { %><text class="name <%= line.tone %>" x="<%= line.labelX %>" y="<%= line.labelY + 4 %>"><%= line.label %></text><% } %>
<% } %><% for (const one of d.texts) { %><text x="<%= one.x %>" y="<%= one.y %>" text-anchor="<%= one.anchor %>"><%= one.text %></text>
<% } %></svg>
<% } %>
<% const legend = (all) => { %><ul class="bars<% if (all[0].isLine) { %> names<% } %>"><% for (const one of all) { %><li><% if (one.isLine) { %><svg class="chart-bar" width="28" height="10" aria-hidden="true"><path class="line <%= one.tone %>" d="M0 5H28"/></svg><% } else { %><svg class="chart-bar" width="14" height="10" aria-hidden="true"><rect class="bar <%= one.tone %>" width="14" height="10"/></svg><% } %> <%= one.text %></li><% } %></ul>
<% } %>
<% const show = (figure) => { %><section>
<h2><%= figure.heading %></h2>
<p><%= figure.text %></p>
<% if (figure.empty) { %><p class="notice"><%= figure.empty %></p><% } %>
<% if (figure.legend?.length) legend(figure.legend) %>
<% for (const drawing of figure.drawings) draw(drawing) %>
<% if (figure.table) { if (figure.table.isLong) { %><details><summary>The numbers: <%= figure.table.rows.length %> rows</summary><% table(figure.table) %></details><% } else { table(figure.table) } } %>
</section>
<% } %>`;
