/** Numbers from 0 to 1, the same sequence in every run (mulberry32). */
export function seededRandom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

type Random = () => number;
const pick = <T>(items: readonly T[], random: Random): T => items[Math.floor(random() * items.length)]!;

const LIMITED = /,?\s+(?:Co(?:mpany|\.)?,?\s+)?(?:Ltd|Limited|LLC|L\.L\.C\.)\.?$/u;
const DOUBLES: Readonly<Record<string, string>> = {
  ...{ a: 'а', c: 'с', e: 'е', o: 'о', p: 'р', x: 'х', i: 'і' },
  ...{ A: 'А', B: 'В', C: 'С', E: 'Е', H: 'Н', K: 'К', M: 'М', O: 'О', P: 'Р', T: 'Т', X: 'Х' },
};
const ACCENTS: Readonly<Record<string, string>> = { a: 'á', e: 'è', i: 'ī', o: 'ǒ', u: 'ü', n: 'ñ', c: 'ç' };
/** The same sound by another usage of transliteration. */
const SOUNDS: readonly [RegExp, string][] = [
  [/iy\b/u, 'y'],
  [/kh/u, 'h'],
  [/oo/u, 'ou'],
  [/sh/u, 'sch'],
  [/ey\b/u, 'ei'],
  [/zh/u, 'j'],
  [/ks/u, 'x'],
  [/ya/u, 'ia'],
  [/yu/u, 'iu'],
  [/q/u, 'gh'],
];

function slip(name: string, random: Random): string | null {
  const words = name.split(' ');
  const long = words.flatMap((word, at) => (/^[A-Za-z]{6,}$/u.test(word) ? [at] : []));
  if (long.length === 0) return null;
  const at = pick(long, random);
  const word = words[at]!;
  const place = 1 + Math.floor(random() * (word.length - 2));
  words[at] = pick(
    [
      word.slice(0, place) + word.slice(place + 1),
      word.slice(0, place) + word[place]! + word.slice(place),
      word.slice(0, place) + word[place + 1]! + word[place]! + word.slice(place + 2),
      word.slice(0, place) + pick([...'aeiorstn'], random) + word.slice(place + 1),
    ],
    random,
  );
  return words.join(' ');
}

/** What people do to a name without making it another; null where it cannot be done to this one. */
export const DISTORTIONS: Readonly<Record<string, (name: string, random: Random) => string | null>> = {
  'capitals and punctuation': (name) => name.toUpperCase().replace(/[^\p{L}\p{N}\s]/gu, ''),
  'legal form': (name, random) =>
    LIMITED.test(name)
      ? name.replace(LIMITED, pick(['', ' Company Limited', ' LLC', ' Ltd', ' Co Ltd', ', Inc.'], random))
      : null,
  'word order': (name) => {
    const plain = name.replace(LIMITED, '');
    const words = plain.split(/\s+/u);
    return words.length < 2 ? null : [...words.slice(1), words[0]].join(' ');
  },
  'one typo': slip,
  'two typos': (name, random) => {
    const once = slip(name, random);
    return once === null || name.length < 24 ? null : slip(once, random);
  },
  spaces: (name, random) => {
    const words = name.split(' ');
    const at = Math.floor(random() * (words.length - 1));
    if (words.length < 3 || !/^[A-Za-z]{3,}$/u.test(words[at]!)) return null;
    return [...words.slice(0, at), words[at]! + words[at + 1]!.toLowerCase(), ...words.slice(at + 2)].join(
      ' ',
    );
  },
  'look-alike letters': (name, random) => {
    const masked = [...name].map((mark) => (random() < 0.6 ? (DOUBLES[mark] ?? mark) : mark)).join('');
    return masked === name ? null : masked;
  },
  accents: (name, random) => {
    const marked = [...name].map((mark) => (random() < 0.5 ? (ACCENTS[mark] ?? mark) : mark)).join('');
    return marked === name ? null : marked;
  },
  transliteration: (name) => {
    const [pattern, by] = SOUNDS.find(([one]) => one.test(name)) ?? [];
    return pattern === undefined ? null : name.replace(pattern, by!);
  },
};

/** How people shorten the words that say what a body does. */
const SHORTER: Readonly<Record<string, string>> = {
  University: 'Univ.',
  Institute: 'Inst.',
  Technology: 'Tech.',
  Technologies: 'Tech.',
  Science: 'Sci.',
  Research: 'Res.',
  Engineering: 'Eng.',
  International: 'Intl.',
  Electronics: 'Elec.',
  Laboratory: 'Lab.',
  Development: 'Dev.',
  Corporation: 'Corp.',
  Industry: 'Ind.',
  National: 'Natl.',
  Communications: 'Comm.',
  Equipment: 'Equip.',
};

/** Places whose English name is not their pinyin. */
const IN_PINYIN: Readonly<Record<string, string>> = {
  Harbin: 'Haerbin',
  'Hong Kong': 'Xianggang',
  Urumqi: 'Wulumuqi',
  "Xi'an": 'Xian',
  Shaanxi: 'Shanxi',
  Macau: 'Aomen',
  Taipei: 'Taibei',
  Hsinchu: 'Xinzhu',
  Kowloon: 'Jiulong',
  Tibet: 'Xizang',
  'Inner Mongolia': 'Neimenggu',
  Kashgar: 'Kashi',
  Canton: 'Guangzhou',
  Peking: 'Beijing',
  China: 'Zhongguo',
};

function replaceAll(name: string, by: Readonly<Record<string, string>>): string {
  return Object.entries(by).reduce(
    (text, [word, other]) => text.replace(new RegExp(`\\b${word}\\b`, 'gu'), other),
    name,
  );
}

/** The same, of kinds that were added later: their pairs follow the others, which stay what they were. */
export const LATER_DISTORTIONS: typeof DISTORTIONS = {
  abbreviations: (name) => replaceAll(name, SHORTER),
  'places in pinyin': (name) => replaceAll(name, IN_PINYIN),
};
