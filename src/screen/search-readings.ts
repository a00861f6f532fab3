import { LONGEST_NAME, latinReadings } from './latin-readings.ts';
import { PLACE_WRITINGS, plainWriting } from './place-writings.ts';

const FOREIGN = /(?!\p{Script=Latin})\p{L}/u;
/** Scripts that leave vowels out: what their letters spell is no word of a list ("thrn"). */
const WITHOUT_VOWELS = /(?=[\p{Script=Arabic}\p{Script=Hebrew}\p{Script=Syriac}])\p{L}/u;

/** Every place of the table where no letter is before or behind it; the longest first. */
const PLACE = new RegExp(
  `(?<!\\p{L})(?:${[...PLACE_WRITINGS.keys()].sort((a, b) => b.length - a.length).join('|')})(?!\\p{L})`,
  'gu',
);

/**
 * What somebody types into a search, in Latin letters, in each way in which the lists may spell it: places by their
 * names, the rest as names are read. Empty where all of it is Latin; null where it has words that cannot be read,
 * since their script leaves vowels out.
 */
export function searchReadings(text: string): string[] | null {
  const typed = text.slice(0, LONGEST_NAME);
  if (!FOREIGN.test(typed)) return [];
  const plain = plainWriting(typed);
  const most = Math.max(0, ...[...plain.matchAll(PLACE)].map(([place]) => PLACE_WRITINGS.get(place)!.length));
  const named = Array.from({ length: most }, (_, which) =>
    plain.replace(PLACE, (place) => {
      const spellings = PLACE_WRITINGS.get(place)!;
      return spellings[which] ?? spellings[0]!;
    }),
  );
  const readable = [...named, typed].filter((one) => !WITHOUT_VOWELS.test(one));
  if (readable.length === 0) return null;
  const readings = readable.flatMap(latinReadings).map((reading) =>
    // The two provinces are told apart for screening only: the lists print both as Shanxi and Shaanxi.
    reading.replaceAll('Shan1xi1', 'Shanxi').replace(/\s+/gu, ' ').trim(),
  );
  return [...new Set(readings)].filter((reading) => reading !== '');
}
