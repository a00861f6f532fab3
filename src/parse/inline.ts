import type { AnyNode, Element } from './xml.ts';

/** Text of a cell or a paragraph: its printed lines, and the footnote numbers that hung on it. */
export interface InlineText {
  /** Lines as forced by `LI` or `br`, white space folded, none empty. */
  lines: string[];
  /** Numbers of footnote references (`SU`, `sup`), which are no part of the text. */
  footnotes: number[];
}

/** Marks a forced line break until the white space is folded; no document holds it. */
const BREAK = '\u2028';

/** Elements whose text is not part of the sentence they stand in. */
const DROPPED = new Set(['PRTPAGE', 'FTREF', 'XREF', 'EDNOTE', 'EFFDNOT', 'FTNT', 'STARS', 'GPH']);

/** `AC T="n"`: the diacritic that belongs to the preceding letter (GPO locator codes, sources §3.5). */
const DIACRITICS: Record<string, string> = {
  '1': '\u0301',
  '2': '\u0300',
  '3': '\u0302',
  '4': '\u0308',
  '6': '\u0303',
  '7': '\u030a',
  '8': '\u0304',
  '9': '\u0327',
};

/** Folds white space as print does; a line break of the source before a comma is no space. */
function foldSpaces(text: string): string {
  return text
    .replace(/\p{Cf}/gu, (mark) => (mark === '\u00ad' || mark === '\u200b' || mark === '\ufeff' ? '' : mark))
    .replace(/\s+/gu, (space) => (space.includes('\n') ? '\n' : ' '))
    .replace(/\n(?=[,.;:)\u201d])/gu, '')
    .replace(/(?<=[(\u201c])\n/gu, '')
    .replaceAll('\n', ' ')
    .trim()
    .normalize('NFC');
}

/** A superscript that can only be an exponent: "500 m²". */
const UNIT = /(?:^|[\s\d])(?:m|km|cm|mm|ft)$/iu;

function isSuperscript(element: Element): boolean {
  const name = element.name.toUpperCase();
  return name === 'SU' || name === 'SUP' || (name === 'E' && element.attribs.T === '51');
}

/** The numbers of a footnote reference ("4", "4 5", "[4]"), or null for any other superscript. */
function readReference(inner: string, before: string): number[] | null {
  const digits = /^[\s[(]*(\d{1,2}(?:[\s,]+\d{1,2})*)[\s\])]*$/u.exec(inner)?.[1];
  if (digits === undefined || UNIT.test(before)) return null;
  return (digits.match(/\d+/gu) ?? []).map(Number);
}

function plainText(node: AnyNode): string {
  if (node.type === 'text') return node.data;
  return 'children' in node ? node.children.map(plainText).join('') : '';
}

/**
 * The text of nodes, with footnote digits kept apart: `EAR<SU>2</SU>` is "EAR" with footnote 2, never
 * "EAR2" (sources, §3.4).
 */
export function readInline(nodes: readonly AnyNode[]): InlineText {
  const footnotes: number[] = [];
  let text = '';

  function walk(node: AnyNode): void {
    if (node.type === 'text' || node.type === 'cdata') {
      text += node.type === 'text' ? node.data : plainText(node);
      return;
    }
    if (node.type !== 'tag') return;
    const element = node as Element;
    const name = element.name.toUpperCase();
    if (DROPPED.has(name)) return;
    if (name === 'BR') {
      text += BREAK;
      return;
    }
    if (name === 'AC') {
      text += DIACRITICS[element.attribs.T ?? ''] ?? '';
      return;
    }
    if (isSuperscript(element)) {
      const numbers = readReference(plainText(element), text);
      if (numbers) footnotes.push(...numbers);
      else element.children.forEach(walk);
      return;
    }
    const ownLine = name === 'LI' || name === 'P' || name === 'FP';
    if (ownLine) text += BREAK;
    element.children.forEach(walk);
    if (ownLine) text += BREAK;
  }

  nodes.forEach(walk);
  const lines = text
    .split(BREAK)
    .map(foldSpaces)
    .filter((line) => line !== '');
  return { lines, footnotes: [...new Set(footnotes)].sort((a, b) => a - b) };
}

/** The text of nodes as one line. */
export function readLine(nodes: readonly AnyNode[]): string {
  return readInline(nodes).lines.join(' ');
}
