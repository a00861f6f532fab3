import { describe, expect, it } from 'vitest';
import { cleanQuotedName, readQuotedRest, splitQuotes } from '../../src/parse/quotes.ts';

const quoted = (text: string) =>
  splitQuotes(text)
    .pieces.filter((piece) => piece.quoted)
    .map((piece) => piece.text);
const around = (text: string) =>
  splitQuotes(text)
    .pieces.filter((piece) => !piece.quoted)
    .map((piece) => piece.text);

describe('quotations', () => {
  it.each([
    ['add “A, B; and C” and “D”', ['A, B; and C', 'D']],
    ['add "A" and "B"', ['A', 'B']],
    ['add “A “B” C” now', ['A “B” C']],
    ['add "A “B” C"', ['A “B” C']],
    ['add “A "B" C”', ['A "B" C']],
    ["add ``A’’ and ‘‘B''", [' A ', ' B ']],
    ['add ‘A’ and ‘B’', ['A', 'B']],
    ["add 'A' and 'B'", ['A', 'B']],
    ['‘A’', ['A']],
    ['add ‘A’s Mill’, ‘B’; ‘C’.', ['A’s Mill', 'B', 'C']],
    ['add ‘People’s Steel Mills’', ['People’s Steel Mills']],
    ['add ‘Workers’ Mill’', ['Workers’ Mill']],
    ['add ‘the Workers’ mill’', ['the Workers']],
    ['(‘A’) —‘B’— ;‘C’', ['A', 'B', 'C']],
    ['add ‘A’ (‘B’)', ['A', 'B']],
    ['add ‘A’“B”', ['B']],
    ['add “‘A’ B”', ['‘A’ B']],
    ['add "‘A’ B"', ['‘A’ B']],
    ['add “” and "  "', []],
    ['the PEOPLE’S REPUBLIC', []],
    ["the PEOPLE'S REPUBLIC and the Workers' home", []],
  ])('of %s are %j', (text, expected) => {
    expect(quoted(text)).toEqual(expected);
  });

  it.each([
    ['add “A” and "B" here', ['add ', ' and ', ' here']],
    ['“A”', []],
    ['add ‘A’ now', ['add ', ' now']],
    ['no quotation', ['no quotation']],
    ['', []],
  ])('leave of %s the text %j', (text, expected) => {
    expect(around(text)).toEqual(expected);
  });

  it.each([
    ['“A', false],
    ['A”', false],
    ['“A “B”', false],
    ['"A', false],
    ['"A"', true],
    ['add “A” and “B”', true],
    ['add ‘A', false],
    ['add ‘A “B”', false],
    ["add 'A “B” now'", false],
    ['the People’s', true],
    ['the Workers’ home', true],
    ['add ‘A’', true],
    ["'", true],
    ['add ‘ A’', true],
  ])('in %s are closed: %j', (text, closed) => {
    expect(splitQuotes(text).closed).toBe(closed);
  });

  it('that never close hold the rest of the text', () => {
    expect(splitQuotes('add “A and B').pieces).toEqual([
      { quoted: false, text: 'add ' },
      { quoted: true, text: 'A and B' },
    ]);
    expect(splitQuotes('add "A and B').pieces.at(-1)).toEqual({ quoted: true, text: 'A and B' });
  });
});

describe('a quoted name', () => {
  it.each([
    ['Acme,', 'Acme'],
    [' Acme Ltd.; ', 'Acme Ltd.'],
    ['Acme:', 'Acme'],
    ['Acme Ltd., a.k.a., the following two aliases:', 'Acme Ltd.'],
    ['Acme f.k.a. the following alias', 'Acme'],
    ['Acme (d.b.a. the following names', 'Acme'],
    ['Acme, AKA, the following alias', 'Acme'],
    ['Acme, a.k.a., Bolt', 'Acme, a.k.a., Bolt'],
    ['Acme of the following', 'Acme of the following'],
    ['Takaka the following', 'Takaka the following'],
  ])('%j is %j', (text, name) => {
    expect(cleanQuotedName(text)).toBe(name);
  });

  it.each([
    [
      'Acme LLC, a.k.a., the following alias: —Acme Labs. 1 Road, Wuhan, China.',
      { aliases: ['Acme Labs'], addresses: ['1 Road, Wuhan, China'] },
    ],
    ['Acme LLC, a.k.a., Acme Labs,', { aliases: ['Acme Labs'], addresses: [] }],
    ['Acme LLC, d.b.a. Acme Labs;', { aliases: ['Acme Labs'], addresses: [] }],
    ['Acme LLC, fka Acme Labs', { aliases: ['Acme Labs'], addresses: [] }],
    // Nothing says that these are more than a name.
    ['Acme LLC, 1 Road, Wuhan, China', { aliases: [], addresses: [] }],
    // Two of three aliases tell no entries apart.
    ['Acme LLC, a.k.a., the following three aliases: —A; and —B.', { aliases: [], addresses: [] }],
  ])('tells with %j what stands behind it', (text, rest) => {
    expect(readQuotedRest(text)).toEqual(rest);
  });
});
