import { describe, expect, it } from 'vitest';
import { createOutline } from '../../src/parse/label.ts';

/** The label, the text and the fault of each paragraph, and the state that it inherits. */
function outline(...paragraphs: string[]) {
  const enter = createOutline<{ from?: string }>(() => ({}));
  return paragraphs.map((paragraph) => {
    const { label, text, fault, state } = enter(paragraph);
    const inherited = state.from ?? '';
    state.from = text;
    return { label, text, fault, inherited };
  });
}

const labels = (...paragraphs: string[]) => outline(...paragraphs).map(({ label }) => label);
const faults = (...paragraphs: string[]) => outline(...paragraphs).map(({ fault }) => fault);

describe('the outline of a document', () => {
  it.each([
    [
      ['1. A', '2. B', '3. C'],
      ['1', '2', '3'],
    ],
    [
      ['2. A:', 'a. B', 'b. C'],
      ['2', '2.a', '2.b'],
    ],
    [
      ['2. A:', 'a. B:', 'i. C', 'ii. D', 'b. E'],
      ['2', '2.a', '2.a.i', '2.a.ii', '2.b'],
    ],
    [
      ['2. A:', 'a. B:', 'i. C:', 'A. D', 'B. E', 'ii. F'],
      ['2', '2.a', '2.a.i', '2.a.i.A', '2.a.i.B', '2.a.ii'],
    ],
    [
      ['2. A:', '(a) B:', '(1) C', '(2) D', '(b) E'],
      ['2', '2.a', '2.a.1', '2.a.2', '2.b'],
    ],
    [
      ['2. A:', '(a) B:', '(1) C:', '(i) D', '(ii) E', '(2) F'],
      ['2', '2.a', '2.a.1', '2.a.1.i', '2.a.1.ii', '2.a.2'],
    ],
    [
      ['2. a. A', 'b. B', '3. (a) C'],
      ['2.a', '2.b', '3.a'],
    ],
    [
      ['A', 'a. B', 'b. C'],
      ['', 'a', 'b'],
    ],
    [
      ['2. A:', 'a. B:', 'iv. C', 'ix. D', 'xxx. E'],
      ['2', '2.a', '2.a.iv', '2.a.ix', '2.a.xxx'],
    ],
    [
      ['2. A:', 'y. B', 'z. C', 'aa. D', 'bb. E', 'zz. F'],
      ['2', '2.y', '2.z', '2.aa', '2.bb', '2.zz'],
    ],
    [
      ['2. A:', 'AA. B'],
      ['2', '2.AA'],
    ],
    [['123. A'], ['123']],
    [
      ['2. A', 'It goes on', 'a. B'],
      ['2', '2', '2.a'],
    ],
  ])('numbers %j', (paragraphs, expected) => {
    expect(labels(...paragraphs)).toEqual(expected);
  });

  it.each([
    [
      ['2. A:', 'h. B', 'i. C', 'j. D'],
      ['2', '2.h', '2.i', '2.j'],
    ],
    [
      ['2. A:', 'h. B:', 'i. C', 'ii. D'],
      ['2', '2.h', '2.h.i', '2.h.ii'],
    ],
    [
      ['2. A:', 'u. B', 'v. C', 'w. D', 'x. E'],
      ['2', '2.u', '2.v', '2.w', '2.x'],
    ],
    [
      ['2. A:', 'a. B:', 'i. C', 'v. D'],
      ['2', '2.a', '2.a.i', '2.a.v'],
    ],
    [
      ['2. A:', 'a. B:', 'v. C'],
      ['2', '2.a', '2.a.v'],
    ],
    [
      ['2. A:', 'i. B', 'ii. C'],
      ['2', '2.i', '2.ii'],
    ],
    [
      ['2. A:', 'v. B', 'w. C'],
      ['2', '2.v', '2.w'],
    ],
    [
      ['2. A:', '(h) B', '(i) C', '(j) D'],
      ['2', '2.h', '2.i', '2.j'],
    ],
    [
      ['2. A:', '(a) B:', '(i) C', '(b) D'],
      ['2', '2.a', '2.a.i', '2.b'],
    ],
  ])('takes "i", "v" and "x" of %j for what their neighbours are', (paragraphs, expected) => {
    expect(labels(...paragraphs)).toEqual(expected);
  });

  it.each([
    'An. 5 of it',
    'see. A',
    'ab. A',
    'abc) A',
    'ABC. A',
    '1234. A',
    'a.m. A',
    '2.5 A',
    '(see) A',
    '() A',
    'ivi. A',
    'xxxx. A',
  ])('takes %j for text', (text) => {
    expect(outline(text)).toEqual([{ label: '', text, fault: null, inherited: '' }]);
  });

  it('takes labels from the text, with the space around them', () => {
    expect(outline('  2.   A').map(({ text }) => text)).toEqual(['A']);
    expect(outline('2.(a) A').map(({ label, text }) => [label, text])).toEqual([['2.a', 'A']]);
    expect(outline('2.').map(({ label, text }) => [label, text])).toEqual([['2', '']]);
  });

  it('hands the state of a paragraph to those below it, and to no other', () => {
    const inherited = (...paragraphs: string[]) => outline(...paragraphs).map((one) => one.inherited);
    expect(inherited('2. A:', 'a. B:', 'i. C', 'ii. D', 'b. E', '3. F', 'a. G')).toEqual([
      '',
      'A:',
      'B:',
      'B:',
      'A:',
      '',
      'F',
    ]);
    // What stands above all numbers speaks for letters, until a number begins.
    expect(inherited('A', 'a. B', 'b. C', '1. D', 'E')).toEqual(['', 'A', 'A', '', 'D']);
  });
});

describe('a label that does not follow the one before it', () => {
  it.each([
    [['1. A', '3. B'], 'no paragraph stands between 1 and 3'],
    [['1. A', '1. B'], 'two paragraphs are numbered 1'],
    [['2. A:', 'a. B', 'c. C'], 'paragraph c stands where b is to be expected'],
    [['2. A:', 'a. B', 'a. C'], 'two paragraphs are called a'],
    [['2. A:', 'b. B'], 'paragraph b stands where a is to be expected'],
    [['2. A:', 'a. B:', 'ii. C'], 'paragraph ii stands where i is to be expected'],
    [['2. A:', 'a. B:', 'i. C', 'iii. D'], 'paragraph iii stands where ii is to be expected'],
    [['2. A:', 'a. B:', 'i. C:', 'B. D'], 'paragraph B stands where A is to be expected'],
    [['2. A:', 'a. B:', 'i. C:', 'A. D', 'C. E'], 'paragraph C stands where B is to be expected'],
    [['2. A:', '(a) B:', '(2) C'], 'paragraph 2 stands where 1 is to be expected'],
    [['2. A:', '(a) B:', '(1) C', '(3) D'], 'paragraph 3 stands where 2 is to be expected'],
    [['2. A:', 'z. B', 'bb. C'], 'paragraph bb stands where aa is to be expected'],
    [['2. A:', 'aa. B', 'cc. C'], 'paragraph cc stands where bb is to be expected'],
    [['3. c. A'], 'paragraph c stands where a is to be expected'],
  ])('%j is told', (paragraphs, fault) => {
    expect(faults(...paragraphs).at(-1)).toBe(fault);
  });

  it.each([
    [['5. A', '6. B']],
    [['3. A', '1. B', '2. C']],
    [['1. A', 'a. B', '2. C', 'a. D']],
    [['2. A:', 'y. B', 'z. C', 'aa. D', 'bb. E'].with(1, 'a. B').slice(0, 2)],
    [['2. A:', 'a. B:', 'i. C', 'b. D:', 'i. E', 'ii. F']],
    [['2. A:', 'a. B:', ...'i ii iii iv v vi vii viii ix x xi'.split(' ').map((own) => `${own}. C`)]],
    [['2. A:', ...'abcdefghijklmnopqrstuvwxyz'.split('').map((own) => `${own}. B`), 'aa. C', 'bb. D']],
    [['2. A:', '(a) B:', '(1) C', '(2) D', '(b) E:', '(1) F']],
    [['2. A:', 'a. B:', 'i. C:', 'A. D', 'B. E', 'ii. F:', 'A. G']],
  ])('and %j is in order', (paragraphs) => {
    expect(faults(...paragraphs)).toEqual(paragraphs.map(() => null));
  });
});
