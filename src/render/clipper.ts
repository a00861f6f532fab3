import { cleanLine, shorten } from './clean.ts';

/** Bounds of one rendering, from generous to narrow: the first one that leaves room for the rest is taken. */
export interface ClipLevel {
  /** Characters of a text. */
  text: number;
  /** Items of a list. */
  items: number;
}

/** Shortens texts and lists, and remembers whether it had to. */
export interface Clipper {
  text(text: string): string;
  items<Item>(items: readonly Item[]): Item[];
  texts(texts: readonly string[]): string[];
  readonly clipped: boolean;
}

export function createClipper(level: ClipLevel): Clipper {
  let clipped = false;
  const text = (whole: string) => {
    const line = cleanLine(whole);
    if (line.length > level.text) clipped = true;
    return shorten(line, level.text);
  };
  const items = <Item>(all: readonly Item[]) => {
    if (all.length > level.items) clipped = true;
    return all.slice(0, level.items);
  };
  return {
    text,
    items,
    texts: (texts) => items(texts).map(text),
    get clipped() {
      return clipped;
    },
  };
}
