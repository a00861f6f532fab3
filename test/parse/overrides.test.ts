import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { markupAround } from '../../src/parse/markup-around.ts';
import { odditiesOf } from '../../src/parse/oddities.ts';
import { applyReplacements, occurrencesOf } from '../../src/parse/overrides.ts';

const apply = (text: string, ...rows: [find: string | null, by: string | null][]) => {
  const { bytes, unmatched } = applyReplacements(
    Buffer.from(text),
    rows.map(([find, by]) => ({ find, by })),
  );
  return { text: bytes.toString(), unmatched: unmatched.map(({ find }) => find) };
};

describe('words of a source are replaced', () => {
  test('where they stand exactly once, one row after the other', () => {
    expect(apply('<P>by ading one</P>', ['ading', 'adding'], ['adding one', 'adding two'])).toEqual({
      text: '<P>by adding two</P>',
      unmatched: [],
    });
  });

  test('over line ends and indents, as an excerpt shows them in one line', () => {
    expect(
      apply('<P>Supplement\n    No. 4  of part</P>', ['Supplement No. 4 of', 'Supplement No. 4 to']),
    ).toEqual({ text: '<P>Supplement No. 4 to part</P>', unmatched: [] });
  });

  test('not where they stand twice, overlap, or do not stand at all', () => {
    const text = '<P>aaa b b</P>';
    for (const find of ['aa', 'b', 'c', '', '  '])
      expect(apply(text, [find, 'x'])).toEqual({ text, unmatched: [find] });
    expect(apply(text, [null, 'x'], ['c', null])).toEqual({ text, unmatched: [null, 'c'] });
  });

  test('with white space in front of them, which begins where the run of it does', () => {
    expect(apply('<P>a \n  b</P>', [' b', ', b'])).toEqual({ text: '<P>a, b</P>', unmatched: [] });
    // A run of blanks is not looked through from each of them: that would be minutes.
    expect(apply(`<P>${' '.repeat(1_000_000)}a</P>`, [' b', 'c']).unmatched).toEqual([' b']);
  });

  test('by the letter: signs of patterns and of replacements mean themselves', () => {
    expect(apply('<P>a.b (c) [d] $& \\1</P>', ['a.b (c) [d] $& \\1', '$& $1 $$'])).toEqual({
      text: '<P>$& $1 $$</P>',
      unmatched: [],
    });
    expect(apply('<P>axb</P>', ['a.b', 'x']).unmatched).toEqual(['a.b']);
  });

  test('and the rest of the bytes stays as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (before, after) => {
        const text = `${before.replaceAll('#', '')}\ufeff#here#${after.replaceAll('#', '')}`;
        const { bytes, unmatched } = applyReplacements(Buffer.from(text), [{ find: '#here#', by: 'there' }]);
        expect(unmatched).toEqual([]);
        expect(bytes.equals(Buffer.from(text.replace('#here#', 'there')))).toBe(true);
      }),
    );
  });

  test('nothing in bytes that are not UTF-8, which come back as they are', () => {
    const latin = Buffer.from('<P>Société</P>', 'latin1');
    const { bytes, unmatched } = applyReplacements(latin, [{ find: 'Soci', by: 'x' }]);
    expect(bytes.equals(latin)).toBe(true);
    expect(unmatched).toHaveLength(1);
  });

  test('a long text with many near matches takes no long time', () => {
    const begun = performance.now();
    expect(occurrencesOf('a '.repeat(500_000), `${'a '.repeat(200)}b`)).toEqual([]);
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});

test('no oddity is shipped for a document that has none', () => {
  expect(odditiesOf('2025-05426', '2025-03-28')).toEqual([]);
});

describe('the markup around an excerpt', () => {
  const source = `<RULE><REGTEXT><AMDPAR>2. Supplement No. 4 is amended by <E T="03">frobbing</E> the entry &amp; all.</AMDPAR>
<ROW><ENT>one</ENT><ENT>two</ENT></ROW></REGTEXT></RULE>`;

  test('is the smallest element that holds all of it', () => {
    expect(markupAround(source, 'frobbing')).toBe('<E T="03">frobbing</E>');
    expect(markupAround(source, 'by frobbing the entry & all')).toBe(
      '<AMDPAR>2. Supplement No. 4 is amended by <E T="03">frobbing</E> the entry &amp; all.</AMDPAR>',
    );
    expect(markupAround(source, 'one two')).toBe('<ROW><ENT>one</ENT><ENT>two</ENT></ROW>');
  });

  test('is found by its beginning where the excerpt was shortened or goes on otherwise', () => {
    expect(markupAround(source, '2. Supplement No. 4 is amended by something that stands nowhere')).toContain(
      '<AMDPAR>',
    );
    expect(
      markupAround(source, 'supplement no. 4 to part 744 IS AMENDED BY FROBBING the entry & all.'),
    ).toContain('<AMDPAR>');
    expect(markupAround(source, 'nowhere at all')).toBeNull();
    expect(markupAround(source, '  ')).toBeNull();
  });

  test('is cut where it is long', () => {
    const long = `<RULE><P>${'word '.repeat(1_000)}frobbing ${'more '.repeat(1_000)}</P></RULE>`;
    const found = markupAround(long, 'frobbing more')!;
    expect(found.length).toBeLessThan(610);
    expect(found).toMatch(/^… .*frobbing more.* …$/u);
  });

  test('reads what is no markup without a fault', () => {
    for (const text of ['', '<', '&', '</P>', '<P', '<!-- <P> -->a', '<![CDATA[a]]>', '&#0;a', '&#xffffff;a'])
      expect(() => markupAround(text, 'a')).not.toThrow();
  });

  test('is found in a text of megabytes in little time', () => {
    const begun = performance.now();
    expect(
      markupAround(`<RULE>${'<P>word word word</P>'.repeat(50_000)}<P>frobbing</P></RULE>`, 'frobbing'),
    ).toBe('<P>frobbing</P>');
    expect(performance.now() - begun).toBeLessThan(5_000);
  });
});
