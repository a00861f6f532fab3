import { describe, expect, it } from 'vitest';
import { readInline, readLine } from '../../src/parse/inline.ts';
import { type Element, loadXml } from '../../src/parse/xml.ts';

function read(inside: string) {
  const root = loadXml(`<P>${inside}</P>`).root().children().toArray()[0] as unknown as Element;
  return readInline(root.children);
}

describe('the text of a cell or a paragraph', () => {
  it.each([
    ['  A  b\tc ', ['A b c']],
    ['A<LI>B</LI>', ['A', 'B']],
    ['A<LI>B</LI>C<LI> </LI>', ['A', 'B', 'C']],
    ['A<br/>B<BR/>C', ['A', 'B', 'C']],
    ['<P>A</P><FP>B</FP>C', ['A', 'B', 'C']],
    ['<I>A</I> b<E T="03">c</E>', ['A bc']],
    ['', []],
    ['A&#xad;B&#x200b;C&#xfeff;D', ['ABCD']],
    ['A&#x200f;B', ['A\u200fB']],
    ['A\nB', ['A B']],
    ['A\n, B\n; C\n. D\n: E\n) F', ['A, B; C. D: E) F']],
    ['A \n, B', ['A, B']],
    ['A , B', ['A , B']],
    ['(\nA) “\nB\n”', ['(A) “B”']],
    ['( A', ['( A']],
    ['cafe\u0301', ['café']],
    ['A<![CDATA[ <b> ]]>C', ['A <b> C']],
    ['A<!-- no -->B', ['AB']],
  ])('%j is %j', (inside, lines) => {
    expect(read(inside).lines).toEqual(lines);
  });

  it.each(['PRTPAGE', 'FTREF', 'XREF', 'EDNOTE', 'EFFDNOT', 'FTNT', 'STARS', 'GPH', 'gph', 'xref'])(
    'leaves out %s',
    (name) => {
      expect(read(`A<${name}>x<SU>3</SU></${name}>B`)).toEqual({ lines: ['AB'], footnotes: [] });
    },
  );

  it.each([
    ['1', 'é'],
    ['2', 'è'],
    ['3', 'ê'],
    ['4', 'ë'],
    ['6', 'ẽ'],
    ['8', 'ē'],
    ['9', 'ȩ'],
  ])('puts the diacritic %s on the letter before it', (code, letter) => {
    expect(read(`e<AC T="${code}"/>`).lines).toEqual([letter]);
  });

  it('knows the ring, and passes over a diacritic that it does not know', () => {
    expect(read('a<AC T="7"/>').lines).toEqual(['å']);
    expect(read('e<AC T="99"/>n<AC/>').lines).toEqual(['en']);
  });
});

describe('a superscript', () => {
  it.each([
    ['EAR<SU>2</SU>', 'EAR', [2]],
    ['EAR<sup>2</sup>', 'EAR', [2]],
    ['EAR<E T="51">2</E>', 'EAR', [2]],
    ['EAR<SU>4 5</SU>', 'EAR', [4, 5]],
    ['EAR<SU>5, 4</SU>', 'EAR', [4, 5]],
    ['EAR<SU>[4]</SU>', 'EAR', [4]],
    ['EAR<SU>(12)</SU>', 'EAR', [12]],
    ['EAR<SU>4</SU> and<SU>4</SU><SU>1</SU>', 'EAR and', [1, 4]],
    ['EAR<SU><I>4</I></SU>', 'EAR', [4]],
    ['form<SU>2</SU>', 'form', [2]],
  ])('of numbers is a footnote: %s', (inside, text, footnotes) => {
    expect(read(inside)).toEqual({ lines: [text], footnotes });
  });

  it.each([
    ['500 m<SU>2</SU>', '500 m2'],
    ['500m<SU>2</SU>', '500m2'],
    ['500 KM<SU>2</SU>', '500 KM2'],
    ['5 cm<SU>3</SU>', '5 cm3'],
    ['5 mm<SU>3</SU>', '5 mm3'],
    ['5 ft<SU>2</SU>', '5 ft2'],
    ['m<SU>2</SU>', 'm2'],
    ['1<SU>st</SU>', '1st'],
    ['A<SU>123</SU>', 'A123'],
    ['A<SU>4a</SU>', 'A4a'],
    ['A<SU>a4</SU>', 'Aa4'],
    ['A<E T="52">2</E>', 'A2'],
    ['A<I T="51">2</I>', 'A2'],
  ])('of anything else is text: %s', (inside, text) => {
    expect(read(inside)).toEqual({ lines: [text], footnotes: [] });
  });
});

describe('text in one line', () => {
  it('has its breaks as spaces', () => {
    const root = loadXml('<P>A<LI>B</LI></P>').root().children().toArray()[0] as unknown as Element;
    expect(readLine(root.children)).toBe('A B');
  });
});
