import { describe, expect, it } from 'vitest';
import {
  isBlank,
  isStars,
  readGpoTable,
  readHtmlTable,
  readPage,
  type Table,
} from '../../src/parse/table.ts';
import { type Element, loadXml } from '../../src/parse/xml.ts';

const element = (xml: string) => loadXml(xml).root().children().toArray()[0] as unknown as Element;

/** Rows as their cells, each "text@column+width" where it covers more than one. */
const cellsOf = ({ rows }: Table) =>
  rows.map(({ cells }) =>
    cells.map(({ lines, column, width }) => `${lines.join('/')}@${column}${width > 1 ? `+${width}` : ''}`),
  );

const gpo = (inside: string, page: number | null = null) =>
  readGpoTable(element(`<GPOTABLE>${inside}</GPOTABLE>`), page);
const HEADS = '<BOXHD><CHED H="1">Country</CHED><CHED H="1">Entity</CHED><CHED H="1">Citation</CHED></BOXHD>';

describe('a table of the Federal Register', () => {
  it('has heads, rows and notes', () => {
    const { table, page } = gpo(
      `<TTITLE>Title</TTITLE><TDESC>[x]</TDESC>${HEADS}<ROW><ENT I="01">IRAN</ENT><ENT>A<LI>B</LI></ENT><ENT>1</ENT></ROW><ROW><ENT I="22"> </ENT><ENT>C</ENT></ROW><TNOTE>Note</TNOTE>`,
    );
    expect(table).toMatchObject({
      heads: ['Country', 'Entity', 'Citation'],
      notes: [{ lines: ['Note'], footnotes: [] }],
      unread: [],
      page: null,
    });
    expect(cellsOf(table)).toEqual([
      ['IRAN@0', 'A/B@1', '1@2'],
      ['@0', 'C@1'],
    ]);
    expect(table.rows.map(({ index }) => index)).toEqual([1, 2]);
    expect(page).toBeNull();
  });

  it.each([
    ['<CHED H="1">A</CHED><CHED H="1">B</CHED>', ['A', 'B']],
    ['<CHED>A</CHED><CHED>B</CHED>', ['A', 'B']],
    [
      '<CHED H="1">License</CHED><CHED H="2">requirement</CHED><CHED H="2">policy</CHED><CHED H="1">B</CHED>',
      ['License requirement', 'License policy', 'B'],
    ],
    [
      '<CHED H="1">A</CHED><CHED H="2">B</CHED><CHED H="3">C</CHED><CHED H="2">D</CHED><CHED H="1">E</CHED>',
      ['A B C', 'A D', 'E'],
    ],
    ['<CHED H="1"/><CHED H="2">B</CHED>', ['B']],
    ['<CHED H="1">A<LI>B</LI></CHED>', ['A B']],
  ])('reads the leaf heads of %s', (heads, expected) => {
    expect(gpo(`<BOXHD>${heads}</BOXHD>`).table.heads).toEqual(expected);
  });

  it('without heads has none', () => {
    expect(gpo('<ROW><ENT>A</ENT></ROW>').table.heads).toEqual([]);
  });

  it.each(['0', '10', '1.5', 'x', '', '01'])('tells a head of the level %j', (level) => {
    const { table } = gpo(`<BOXHD><CHED H="${level}">A</CHED></BOXHD>`);
    expect(table).toMatchObject({ heads: ['A'], unread: [`a head of the level “${level}”`] });
  });

  it('puts cells into the columns that spans and the stub leave them', () => {
    const rows = [
      '<ROW><ENT I="28">CHINA</ENT></ROW>',
      '<ROW><ENT A="01">A</ENT><ENT>B</ENT></ROW>',
      '<ROW><ENT>A</ENT><ENT I="28">* * *</ENT></ROW>',
      '<ROW EXPSTB="01"><ENT>A</ENT><ENT>B</ENT></ROW>',
      '<ROW><ENT>A</ENT><ENT>B</ENT></ROW>',
      '<ROW EXPSTB="00"><ENT>A</ENT><ENT>B</ENT></ROW>',
      '<ROW><ENT A="L02">A</ENT></ROW>',
      '<ROW><ENT>A</ENT><ENT>B</ENT><ENT>C</ENT><ENT I="28">D</ENT></ROW>',
    ];
    const { table } = gpo(`${HEADS}${rows.join('')}`);
    expect(cellsOf(table)).toEqual([
      ['CHINA@0+3'],
      ['A@0+2', 'B@2'],
      ['A@0', '* * *@1+2'],
      ['A@0+2', 'B@2'],
      ['A@0+2', 'B@2'],
      ['A@0', 'B@1'],
      ['A@0+3'],
      ['A@0', 'B@1', 'C@2', 'D@3'],
    ]);
    expect(table.unread).toEqual([]);
  });

  it('tells text that runs over several columns behind the first, and no blanks nor stars', () => {
    const row = (text: string) => `<ROW><ENT>A</ENT><ENT A="01">${text}</ENT></ROW>`;
    expect(gpo(`${HEADS}${row('text')}`).table.unread).toEqual(['a cell over 2 columns: text']);
    expect(gpo(`${HEADS}${row('*  *  *')}${row(' ')}`).table.unread).toEqual([]);
  });

  it.each([
    ['<ODD>text</ODD>', ['ODD: text']],
    ['<ROW><ENT>A</ENT><ODD>text</ODD></ROW>', ['ODD: text']],
    ['<ROW><ENT>A<GPH><GID>x.001</GID></GPH></ENT></ROW>', ['GPH: x.001']],
    ['<ROW><ENT>A<MATH><MID>m</MID></MATH></ENT></ROW>', ['MATH: m']],
    ['<ROW><ENT>A</ENT></ROW><STARS/><FTNT><P>x</P></FTNT><PRTPAGE P="5"/>', []],
    [`<ODD>${'x'.repeat(300)}</ODD>`, [`ODD: ${'x'.repeat(200)}`]],
  ])('tells markup that is no part of a table as we know it: %s', (inside, unread) => {
    expect(gpo(inside).table.unread).toEqual(unread);
  });

  it('gives each row the page that it begins on', () => {
    const rows = [
      '<ROW><ENT>A</ENT></ROW>',
      '<PRTPAGE P="101"/><ROW><ENT>B</ENT></ROW>',
      '<ROW><PRTPAGE P="102"/><ENT>C</ENT></ROW>',
      '<ROW><ENT>D<PRTPAGE P="103"/></ENT></ROW>',
      '<ROW><ENT>E</ENT><PRTPAGE P="104"/><ENT>F</ENT></ROW>',
      '<ROW><ENT>G</ENT></ROW>',
      '<PRTPAGE P="xi"/><ROW><ENT>H</ENT></ROW>',
    ];
    const { table, page } = gpo(rows.join(''), 100);
    expect(table.rows.map((row) => row.page)).toEqual([100, 101, 102, 102, 103, 104, 104]);
    expect({ begins: table.page, ends: page }).toEqual({ begins: 100, ends: 104 });
  });

  it.each([
    ['<PRTPAGE P="14035"/>', 14035],
    ['<PRTPAGE p="7"/>', 7],
    ['<PRTPAGE/>', null],
    ['<PRTPAGE P=""/>', null],
    ['<PRTPAGE P="xi"/>', null],
    ['<PRTPAGE P="1234567"/>', null],
    ['<PRTPAGE P="12a"/>', null],
    ['<PRTPAGE P="a12"/>', null],
  ])('reads the page of %s as %j', (xml, page) => {
    expect(readPage(element(xml))).toBe(page);
  });
});

describe('cells', () => {
  const cell = (...lines: string[]) => ({ lines, footnotes: [] });

  it('are stars where each of their lines is', () => {
    for (const one of [cell('*'), cell('* * *'), cell('***', '* *'), cell('* ')])
      expect(isStars(one)).toBe(true);
    for (const one of [cell(), cell('* A'), cell('A *'), cell('* *', 'A')]) expect(isStars(one)).toBe(false);
  });

  it('are blank without a line', () => {
    expect([isBlank(cell()), isBlank(cell('A'))]).toEqual([true, false]);
  });
});

describe('a table of eCFR', () => {
  const html = (inside: string) => readHtmlTable(element(`<TABLE>${inside}</TABLE>`));

  it.each([
    ['<THEAD><TR><TH>A</TH><TH>B</TH></TR></THEAD><TBODY><TR><TD>1</TD><TD>2</TD></TR></TBODY>', ['A', 'B']],
    ['<THEAD><TR><TD>A</TD><TD>B</TD></TR></THEAD><TBODY><TR><TD>1</TD><TD>2</TD></TR></TBODY>', ['A', 'B']],
    ['<thead><tr><th>A</th><th>B</th></tr></thead><tbody><tr><td>1</td><td>2</td></tr></tbody>', ['A', 'B']],
    ['<TR><TH>A</TH><TH>B</TH></TR><TR><TD>1</TD><TD>2</TD></TR>', ['A', 'B']],
    ['<TR><TD>1</TD><TD>2</TD></TR>', []],
  ])('takes its heads from %s', (inside, heads) => {
    const table = html(inside);
    expect(table).toMatchObject({ heads, notes: [], unread: [], page: null });
    expect(cellsOf(table)).toEqual([['1@0', '2@1']]);
    expect(table.rows[0]).toMatchObject({ index: 1, page: null });
  });

  it('has one row of heads, and reads a later TH as a cell', () => {
    const table = html(
      '<THEAD><TR><TH>A</TH><TH>B</TH></TR><TR><TH>C</TH><TH>D</TH></TR></THEAD><TR><TH>1</TH><TD>2</TD></TR>',
    );
    expect(table.heads).toEqual(['A', 'B']);
    expect(cellsOf(table)).toEqual([
      ['C@0', 'D@1'],
      ['1@0', '2@1'],
    ]);
    expect(cellsOf(html('<TR><TD>1</TD></TR><TR><TH>2</TH></TR>'))).toEqual([['1@0'], ['2@0']]);
    expect(html('<TR><TH>1</TH><TD>2</TD></TR>').heads).toEqual([]);
  });

  it('keeps columns under cells that cover rows and columns', () => {
    expect(
      cellsOf(
        html(
          '<TR><TD rowspan="3">A</TD><TD>B</TD></TR><TR><TD>C</TD></TR><TR><TD colspan="2">D</TD></TR><TR><TD>E</TD></TR>',
        ),
      ),
    ).toEqual([['A@0', 'B@1'], ['C@1'], ['D@1+2'], ['E@0']]);
    expect(
      cellsOf(
        html(
          '<TR><TD>A</TD><TD ROWSPAN="2" COLSPAN="2">B</TD><TD>C</TD></TR><TR><TD>D</TD><TD>E</TD></TR><TR><TD>F</TD><TD>G</TD></TR>',
        ),
      ),
    ).toEqual([
      ['A@0', 'B@1+2', 'C@3'],
      ['D@0', 'E@3'],
      ['F@0', 'G@1'],
    ]);
    // A row that ends before the covered column uses up its cover all the same.
    expect(
      cellsOf(
        html('<TR><TD>A</TD><TD rowspan="2">B</TD></TR><TR><TD>C</TD></TR><TR><TD>D</TD><TD>E</TD></TR>'),
      ),
    ).toEqual([['A@0', 'B@1'], ['C@0'], ['D@0', 'E@1']]);
  });

  it.each([
    ['colspan="0"', 1],
    ['colspan="x"', 1],
    ['colspan="-3"', 1],
    ['colspan="50"', 50],
    ['colspan="900"', 50],
  ])('bounds %s to %i', (attribute, width) => {
    expect(html(`<TR><TD ${attribute}>A</TD></TR>`).rows[0]!.cells[0]!.width).toBe(width);
  });

  it('bounds rows that a cell covers, so that none costs more than a table has', () => {
    const rows = '<TR/>'.repeat(4999);
    const table = html(`<TR><TD rowspan="999999">A</TD></TR>${rows}<TR><TD>B</TD></TR>`);
    expect(cellsOf(table).at(-1)).toEqual(['B@0']);
    expect(
      cellsOf(html(`<TR><TD rowspan="999999">A</TD></TR>${rows.slice(5)}<TR><TD>B</TD></TR>`)).at(-1),
    ).toEqual(['B@1']);
  });
});
