import type { ListName } from '../model.ts';

/** The supplement to part 744 in which a list stands. */
export const NUMBER_OF_LIST: Record<ListName, number> = {
  'entity-list': 4,
  'unverified-list': 6,
  'military-end-user-list': 7,
};

/** A start tag and the heading below it stand within so many characters. */
export const START_LENGTH = 1500;

/**
 * True for the start tag of the list's supplement, given with the text behind it. The API and the bulk file
 * name it in `N`; where that says no part, the heading does. Stray line breaks count as spaces.
 */
export function beginsSupplement(text: string, list: ListName): boolean {
  const start = text.slice(0, START_LENGTH);
  const tag = /^<DIV9\b[^>]*>/iu.exec(start)?.[0];
  if (tag === undefined) return false;
  const name = new RegExp(
    `^\\s*(?:supplement|appendix)\\s+no\\.?\\s+${NUMBER_OF_LIST[list]}\\s+to\\s+part\\s+744\\b`,
    'iu',
  );
  const n = /\bN\s*=\s*(?:"([^"]*)"|'([^']*)')/u.exec(tag);
  const value = n?.[1] ?? n?.[2] ?? '';
  if (/\bto\s+part\b/iu.test(value)) return name.test(value);
  const heading = /^\s*<HEAD>([\s\S]{0,400}?)<\/HEAD>/iu.exec(start.slice(tag.length))?.[1] ?? '';
  return name.test(heading.replace(/<[^<>]*>/gu, ''));
}

/** The piece of a text from the supplement's start tag to its end tag, or to the end of the text; null for none. */
export function sliceSupplement(text: string, list: ListName): string | null {
  for (const { index } of text.matchAll(/<DIV9\b/giu)) {
    if (!beginsSupplement(text.slice(index, index + START_LENGTH), list)) continue;
    for (const close of ['</DIV9>', '</div9>']) {
      const end = text.indexOf(close, index);
      if (end >= 0) return text.slice(index, end + close.length);
    }
    return text.slice(index);
  }
  return null;
}
