import { destinationOfCode, findDestination, namesPlace } from './destinations.ts';

/**
 * Regions of Ukraine with headings of their own have the codes of ISO 3166-2. These are the names by which pages call
 * them, and another that no heading has.
 */
const MORE_NAMES: Record<string, string> = {
  'DR CONGO': 'CD',
  'LUHANSK REGION': 'UA-09',
  LUHANSK: 'UA-09',
  'DONETSK REGION': 'UA-14',
  DONETSK: 'UA-14',
  'CRIMEA REGION': 'UA-43',
};
const MORE_CODES = new Set(Object.values(MORE_NAMES));

/**
 * The code of a destination as people write it: "CN", "hk", "UA-43", "China", "UAE", "Korea, South", or as a supplement
 * has it. Null for what is none, and for a name that two share.
 */
export function readDestination(text: string): string | null {
  const upper = text.trim().toUpperCase();
  if (MORE_CODES.has(upper)) return upper;
  return MORE_NAMES[upper] ?? destinationOfCode(upper)?.country ?? findDestination(text)?.country ?? null;
}

/** Whether a name is of more than one destination, as "Congo". */
export function isSharedName(text: string): boolean {
  return readDestination(text) === null && namesPlace(text);
}

/**
 * The destinations of a line that somebody typed, each as it stands there. Commas, semicolons and line breaks part
 * them; a comma within a name, as in "Korea, South", does not, and codes may have spaces between.
 */
export function splitDestinations(text: string): string[] {
  return text.split(/[;\r\n]+/u).flatMap((line) => {
    const parts = line
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '');
    const found: string[] = [];
    for (let at = 0; at < parts.length; ) {
      // No name has more than two commas.
      const length = [3, 2].find(
        (count) =>
          at + count <= parts.length && readDestination(parts.slice(at, at + count).join(', ')) !== null,
      );
      found.push(...(length === undefined ? wordsOf(parts[at]!) : [parts.slice(at, at + length).join(', ')]));
      at += length ?? 1;
    }
    return found;
  });
}

/** "CN HK" is two codes, "Hong Kong" one name. */
function wordsOf(part: string): string[] {
  const words = part.split(/\s+/u);
  return readDestination(part) === null && words.every((word) => readDestination(word) !== null)
    ? words
    : [part];
}
