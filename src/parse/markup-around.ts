/** The text of a source between its tags, without white space and in lower case, each character with its place in the source. */
interface Plain {
  text: string;
  starts: number[];
  ends: number[];
  /** Elements with their content, from `<` to behind `>`; an inner one before the one around it. */
  elements: { start: number; end: number }[];
}

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };
const PIECES = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<[^>]*>|&(?:#x?[0-9a-f]+|\w+);|[^<&]|[<&]/giu;
/** Of an excerpt that does not stand there whole, pieces this long are looked for. */
const PIECE_LENGTHS = [80, 40, 20];

/**
 * The markup of a source around an excerpt of its text: the smallest element that holds all of it, cut to `most`
 * characters around the excerpt. A reader shortens and smooths its excerpts, so a piece that stands there once
 * will do. Null where none does. `source` is admitted XML.
 */
export function markupAround(source: string, excerpt: string, most = 600): string | null {
  const wanted = lower(excerpt.replace(/…$/u, '').replace(/\s+/gu, ''));
  if (wanted === '') return null;
  const plain = readPlain(source);
  const found = findPiece(plain.text, wanted);
  if (found === null) return null;
  const start = plain.starts[found.at]!;
  const end = plain.ends[found.at + found.length - 1]!;
  const around = plain.elements.find((element) => element.start <= start && element.end >= end);
  if (around === undefined) return cut(source, start, end, most);
  return around.end - around.start <= most
    ? source.slice(around.start, around.end)
    : cut(source, Math.max(around.start, start - 120), around.end, most);
}

/** The whole, or the longest piece that stands in the text exactly once. */
function findPiece(text: string, wanted: string): { at: number; length: number } | null {
  const whole = text.indexOf(wanted);
  if (whole >= 0) return { at: whole, length: wanted.length };
  for (const length of PIECE_LENGTHS)
    for (let offset = 0; offset + length <= wanted.length; offset += length / 4) {
      const piece = wanted.slice(offset, offset + length);
      const at = text.indexOf(piece);
      if (at >= 0 && text.indexOf(piece, at + 1) < 0) return { at, length };
    }
  return null;
}

/** Lower case, unit by unit, so that places stay where they are. */
function lower(text: string): string {
  const whole = text.toLowerCase();
  if (whole.length === text.length) return whole;
  return text
    .split('')
    .map((unit) => (unit.toLowerCase().length === 1 ? unit.toLowerCase() : unit))
    .join('');
}

function cut(source: string, start: number, end: number, most: number): string {
  const until = Math.min(end, start + most);
  return `${start > 0 ? '… ' : ''}${source.slice(start, until)}${until < end ? ' …' : ''}`;
}

function readPlain(source: string): Plain {
  const texts: string[] = [];
  const plain: Plain = { text: '', starts: [], ends: [], elements: [] };
  const open: number[] = [];
  const push = (char: string, start: number, end: number) => {
    for (const unit of char.split('')) {
      texts.push(unit);
      plain.starts.push(start);
      plain.ends.push(end);
    }
  };
  for (const match of source.matchAll(PIECES)) {
    const [piece] = match;
    const start = match.index;
    const end = start + piece.length;
    if (piece.length > 1 && piece.startsWith('<')) {
      if (/^<[!?]/u.test(piece)) continue;
      if (piece.startsWith('</')) {
        const began = open.pop();
        if (began !== undefined) plain.elements.push({ start: began, end });
      } else if (!piece.endsWith('/>')) open.push(start);
    } else {
      const char = piece.length > 1 && piece.startsWith('&') ? decodeEntity(piece) : piece;
      // Cells and lines meet without a space in the source, and with one in an excerpt.
      if (!/^\s$/u.test(char)) push(char, start, end);
    }
  }
  plain.text = lower(texts.join(''));
  return plain;
}

function decodeEntity(entity: string): string {
  const name = entity.slice(1, -1);
  if (!name.startsWith('#')) return ENTITIES[name] ?? entity;
  const code = /^#x/iu.test(name) ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : entity;
}
