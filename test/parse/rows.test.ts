import { describe, expect, it } from 'vitest';
import { readRows } from '../../src/parse/rows.ts';
import type { Cell, Table } from '../../src/parse/table.ts';

const REST = ['For all items', 'Presumption of denial', '90 FR 1, 1/2/25.'];
const CHINA = 'CHINA';

/** A table of the entity list; a cell with line breaks has several lines, a row of one text is whole. */
function table(...rows: (string[] | string)[]): Table {
  return {
    heads: ['Country', 'Entity', 'License requirement', 'License review policy', 'Federal Register citation'],
    rows: rows.map((cells, at) => ({
      index: at + 1,
      page: null,
      cells: (typeof cells === 'string' ? [cells] : cells).map(
        (text, column): Cell => ({
          lines: text === '' ? [] : text.split('\n'),
          footnotes: [],
          column,
          width: typeof cells === 'string' ? 5 : 1,
        }),
      ),
    })),
    notes: [],
    unread: [],
    page: null,
  };
}

function read(...rows: (string[] | string)[]) {
  const { rows: found, issues, reserved } = readRows(table(...rows), 'entity-list', '');
  return {
    lines: found.map((row) => row.lines),
    codes: issues.filter(({ holds }) => holds).map(({ code }) => code),
    reserved: reserved.map(({ country }) => country),
  };
}

const ONLY = (text: string) => ['', text, '', '', ''];
const HEAD = 'A, a.k.a., the following two aliases:';

describe('a row with nothing but an entity cell', () => {
  it.each([
    [`${HEAD}\n—B; and`, '—C.\n1 Road.'],
    [`${HEAD}\n—B; and\n—C`, 'Technology.\n1 Road.'],
    [`${HEAD}\n—B; and\n—C.`, '9 Lane, Wuhan, China.'],
    ['A, 9 Lane, Hongqiao', 'Road, Wuhan, China.'],
    ['A, 9 Lane, Wuhan, China.', 'and 5 Road, Xi’an, China.'],
  ])('goes on with %j where that is unfinished: %j', (above, below) => {
    const { lines, codes } = read([CHINA, above, ...REST], ONLY(below));
    expect(codes).toEqual([]);
    expect(lines).toEqual([[...above.split('\n'), ...below.split('\n')]]);
  });

  it.each([
    ['A, 1 Road, Wuhan, China.', 'B LLC, 2 Road, Wuhan, China.', 'row-without-requirement'],
    ['A, 1 Road, Wuhan, China', 'B LLC, 2 Road, Wuhan, China.', 'row-without-requirement'],
    [`${HEAD}\n—B; and\n—C Ltd.`, 'D LLC, 2 Road, Wuhan, China.', 'row-without-requirement'],
    ['A, 1 Road, Wuhan, China.', 'Affiliated entities:', 'sub-entry'],
    ['A, 1 Road, Wuhan, China.', 'Subordinate institution', 'sub-entry'],
    ['A, 1 Road, Wuhan, China.', 'Addresses for A: 9 Road.', 'sub-entry'],
    ['A, 1 Road, Wuhan, China.', 'The following addresses apply to both: 9 Road.', 'sub-entry'],
  ])('below %j is held: %j', (above, below, code) => {
    const { lines, codes } = read([CHINA, above, ...REST], ONLY(below), ['', 'Z, 3 Road.', ...REST]);
    expect(codes).toEqual([code]);
    expect(lines).toEqual([above.split('\n'), ['Z, 3 Road.']]);
  });

  it('goes on behind a page break that repeats the destination', () => {
    const { lines, codes } = read(
      [CHINA, `${HEAD}\n—B; and`, ...REST],
      ['CHINA—Continued', '—C.\n1 Road.', '', '', ''],
      ['CHINA (Continued)', 'Z, 3 Road.', ...REST],
    );
    expect(codes).toEqual([]);
    expect(lines).toEqual([[HEAD, '—B; and', '—C.', '1 Road.'], ['Z, 3 Road.']]);
  });
});

describe('rows that hold no entry', () => {
  it('are destinations without entries, in the cell or over the row, and the trail of amendments', () => {
    expect(
      read(
        ['AUSTRIA [Reserved]', '', '', '', ''],
        'BELARUS [Reserved]',
        ['ARMENIA', '[Reserved]', '', '', ''],
        '[63 FR 64325, Nov. 20, 1998, as amended at 64 FR 1]',
      ),
    ).toEqual({ lines: [], codes: [], reserved: ['AT', 'BY', 'AM'] });
  });
});
