import { describe, expect, it } from 'vitest';
import { foldedPrefixLength, foldName } from '../../src/fold.ts';
import { readCitations } from '../../src/parse/citation.ts';
import { readInstructionDays } from '../../src/parse/dates.ts';
import { readIdentity, readPlainFootnotes } from '../../src/parse/entry.ts';
import { readInline } from '../../src/parse/inline.ts';
import { createInstructionReader } from '../../src/parse/instruction.ts';
import { readRule } from '../../src/parse/rule.ts';
import { readStated } from '../../src/parse/stated.ts';
import { admitXml, loadXml } from '../../src/parse/xml.ts';
import { cpuMs } from '../helpers/cpu-ms.ts';
import { readFixture } from '../helpers/fixtures.ts';

const LONG = 100_000;
const repeat = (text: string, length: number) =>
  text.repeat(Math.ceil(length / text.length)).slice(0, length);

const HOSTILE = [
  'a, ',
  '(',
  '“',
  '"',
  'and ',
  ', and ',
  ' ',
  '\n',
  ', ',
  '; ',
  '. ',
  '—',
  '[insert ',
  'see under ',
  'see alternate address under ',
  'see address under Iran, ',
  'a.k.a., the following ',
  'a.k.a. ',
  'Academy, Institute of a, ',
  'under ',
  'under IRAN ',
  'one hundred and ',
  'one entity from the ',
  'transfers one from the ',
  'adds one entity under Iran ',
  'instruction 1',
  '1',
  '1,',
  'a. ',
  'China, People',
  'removing the ey ',
  '* ',
].map((piece) => ({ piece }));

/** Everything that reads words of a rule, over a text of one piece. */
function readAll(piece: string, length: number): void {
  const dom = loadXml('<P/>');
  dom('P').text(`${repeat(piece, length)}x`);
  // Every caller hands on text whose white space is folded; the folding itself is what runs of it meet.
  const text = readInline(dom('P')[0]!.children).lines.join(' ');
  readIdentity([text]);
  readIdentity([`A${text}`, `—${text}`], 'A Ltd.');
  foldedPrefixLength(text, text);
  foldName(text);
  readCitations(text, null);
  readPlainFootnotes(text);
  readInstructionDays(`instruction ${text}`);
  const reader = createInstructionReader();
  reader.read('2. Supplement No. 4 to part 744 is amended:', '744');
  reader.read(`a. Under IRAN, by adding entries for ${text}`, '744');
  reader.read(`b. Under IRAN, by adding entries for “${text}”`, '744');
  reader.read(`c. Under IRAN, by adding an entry for “A”; and under IRAN, by ${text}`, '744');
  reader.finish();
  readStated(`This rule amends the Entity List by adding ${text.slice(0, length / 2)}`);
}

describe('100 kB of one piece', () => {
  it.each(HOSTILE)('$piece costs no more than its length', ({ piece }) => {
    readAll(piece, LONG / 4);
    const least = (length: number) => Math.min(...[0, 1].map(() => cpuMs(() => readAll(piece, length))));
    const [short, long] = [least(LONG / 4), least(LONG)];
    // Four times as much for four times the text, and not sixteen times; the rest is the grain of the clock.
    expect(long).toBeLessThan(9 * short + 20);
    expect(long).toBeLessThan(5_000);
  });
});

describe('speed', () => {
  it('reads a rule of 74 rows at a bounded multiple of parsing its markup', () => {
    const bytes = readFixture('rules/2025-05426/source.xml');
    const rounds = (work: () => void) => cpuMs(() => Array.from({ length: 8 }, work));
    const read = () => readRule(admitXml(bytes), null);
    const load = () => loadXml(admitXml(bytes).text);
    rounds(read);
    rounds(load);
    // About 15; the bound only catches a change of order.
    expect(rounds(read)).toBeLessThan(100 * rounds(load));
  });
});
