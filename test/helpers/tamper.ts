/** One slip of print or transmission: a piece of a document changed, left out or printed twice. */
export interface Slip {
  what: string;
  xml: string;
}

const PIECES: Record<string, RegExp> = {
  row: /<ROW\b[\s\S]*?<\/ROW>/gu,
  cell: /<ENT\b[^>]*?(?:\/>|>[\s\S]*?<\/ENT>)/gu,
  instruction: /<AMDPAR>[\s\S]*?<\/AMDPAR>/gu,
};

/** Each row, cell and instruction of a text, once left out and once doubled. */
export function* slipsOfPieces(xml: string): Generator<Slip> {
  for (const [piece, pattern] of Object.entries(PIECES))
    for (const match of xml.matchAll(pattern)) {
      const [text] = match;
      const [before, after] = [xml.slice(0, match.index), xml.slice(match.index + text.length)];
      const shown = text.replace(/\s+/gu, ' ').slice(0, 80);
      yield { what: `${piece} left out: ${shown}`, xml: before + after };
      yield { what: `${piece} doubled: ${shown}`, xml: before + text + text + after };
    }
}

/** The slips of one character: left out, doubled, and changed into another one. */
export function slipsOfCharacter(xml: string, at: number, other: string): Slip[] {
  const [before, own, after] = [xml.slice(0, at), xml.slice(at, at + 1), xml.slice(at + 1)];
  const shown = `${xml.slice(Math.max(0, at - 30), at)}[${own}]${xml.slice(at + 1, at + 30)}`;
  return [
    { what: `left out: ${shown}`, xml: before + after },
    { what: `doubled: ${shown}`, xml: before + own + own + after },
    ...(other === own ? [] : [{ what: `changed into “${other}”: ${shown}`, xml: before + other + after }]),
  ];
}
