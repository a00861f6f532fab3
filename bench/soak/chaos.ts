import { seededRandom } from '../screen/distort.ts';

/** What goes wrong, in percent of the occasions. */
export type Chances<Kind extends string> = Readonly<Record<Kind, number>>;

/**
 * Draws what is to go wrong, at each place from the seed and in the order in which it is asked there. Which request
 * meets which draw follows from their order, which no seed fixes.
 */
export interface Chaos {
  /** A number in [0, 1) of the place. */
  random(place: string): number;
  /** What is to go wrong now at a place; null for nothing, and always once it is over. Counts it. */
  draw<Kind extends string>(place: string, chances: Chances<Kind>): Kind | null;
  /** How often each went wrong, by place. */
  readonly counts: Record<string, Record<string, number>>;
  isOver(): boolean;
  /** Nothing goes wrong from now on; calls who waits for that. */
  end(): void;
  onEnd(callback: () => void): void;
}

/** Everything comes again by the same seed. */
export function createChaos(seed: number): Chaos {
  const places = new Map<string, () => number>();
  const counts: Chaos['counts'] = {};
  const waiting: (() => void)[] = [];
  let isOver = false;
  const random = (place: string) => {
    const known = places.get(place) ?? seededRandom(seed + hashOf(place));
    places.set(place, known);
    return known();
  };
  return {
    random,
    counts,
    draw(place, chances) {
      let left = random(place) * 100;
      if (isOver) return null;
      for (const [kind, percent] of Object.entries<number>(chances)) {
        left -= percent;
        if (left >= 0) continue;
        counts[place] ??= {};
        counts[place][kind] = (counts[place][kind] ?? 0) + 1;
        return kind as keyof typeof chances;
      }
      return null;
    },
    isOver: () => isOver,
    onEnd: (callback) => void waiting.push(callback),
    end() {
      isOver = true;
      for (const callback of waiting) callback();
    },
  };
}

/** Places next to each other in the code must not draw the same. */
function hashOf(text: string): number {
  let hash = 0;
  for (const char of text) hash = (Math.imul(hash, 31) + char.codePointAt(0)!) | 0;
  return hash;
}
