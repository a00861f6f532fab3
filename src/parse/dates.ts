import { readPrintedDate } from './citation.ts';

const MONTH =
  '(?:Jan(?:uary|\\.)|Feb(?:ruary|\\.)|Mar(?:ch|\\.)|Apr(?:il|\\.)|May|June?|July?|Aug(?:ust|\\.)|Sept?(?:ember|\\.)|Oct(?:ober|\\.)|Nov(?:ember|\\.)|Dec(?:ember|\\.))';

/** A day as DATES and instructions print it: "March 28, 2025" or "11/17/2023". For use inside other patterns; has no groups. */
export const DAY = `(?:${MONTH} \\d{1,2}, \\d{4}(?!\\d)|\\d{1,2}/\\d{1,2}/(?:\\d{4}|\\d{2})(?!\\d))`;
const HOUR = '(?:at )?(?:\\d{1,2}(?::\\d\\d)? [ap]\\.m\\.,? )?';
const FROM = `${HOUR}(?:on |as of |from |beginning )?`;

/** What says which day is the last one. "Until" is not among it: the day it names may be the first without. */
const THROUGH = ',? (?:up )?(?:and )?(?:through|to|until and including|to and including|and including) ';
const EXPIRES = ',? and (?:(?:will|shall) )?(?:expires?|ends?|terminates?) (?:on |at the end of )?';

const EFFECTIVE = new RegExp(
  `\\beffective(?:(?: date)?:|(?: date)? (?:is|of(?: (?:the|this)(?: [\\w-]+){0,2} rule is)?))? ?${FROM}(${DAY})`,
  'iu',
);

/** White space in one form: the patterns below know only single spaces. */
function fold(dates: string | null): string {
  return (dates ?? '').replace(/\s+/gu, ' ').trim();
}

/** Days of effect of one instruction, as far as the text gives them. */
export interface EffectDays {
  /** First day of effect. */
  from: string | null;
  /** Last day of effect. */
  until: string | null;
  /** Put off without a day. */
  indefinite: boolean;
}

/** As printed. Where one of the days is in no calendar ("January 74"), neither is read, and who asks has to doubt. */
function readEffectDays(
  from: string | undefined,
  until: string | undefined,
  indefinite: boolean,
): EffectDays {
  const [first, last] = [from, until].map((day) => (day === undefined ? null : readPrintedDate(day)));
  const isRead = until === undefined || (first !== null && last !== null);
  return { from: isRead ? first! : null, until: isRead ? last! : null, indefinite };
}

const PARAGRAPH = '(?:\\.?[a-z]\\b|(?:\\.[a-z]{1,4}\\b|\\([a-z]{1,4}\\)){1,3})';
const NUMBER = `\\d{1,3}${PARAGRAPH}?`;
const INSTRUCTIONS = new RegExp(
  `\\binstructions? (?:(?:nos?\\.?|numbers?) )?(${NUMBER}(?:(?: ?[–-] ?|, ?| )(?:(?:and|or|through|to) )?${NUMBER}){0,40})`,
  'giu',
);
const OWN_DAY = new RegExp(
  `^,? ?(?:respectively,? )?(?:(?:which|that) )?(?:(?:is|are|will be|shall be|becomes?) )?` +
    `(?:(delayed indefinitely)|(?:effective ${FROM}|delayed (?:until|to) )(${DAY})(?:(?:${THROUGH}|${EXPIRES})(${DAY}))?)`,
  'iu',
);
/** "the effective date of amendatory instruction 11 | is September 16, 2024" */
const BARE_DAY = new RegExp(
  `^,? ?(?:is|are|will be) (?:(delayed indefinitely)|(?:delayed (?:until|to) )?(${DAY}))`,
  'iu',
);
const DATE_OF =
  /\beffective dates? (?:of|for) (?:the )?(?:amendments? in )?(?:(?:amendatory|regulatory) )?$/iu;
/** "effective January 3, 2031, for | instructions 1 through 4" */
const DAY_BEFORE = new RegExp(
  `(?:effective ${FROM}|\\band ${FROM})(${DAY}),? (?:for|with respect to|as to) (?:the )?(?:amendments? in )?(?:(?:amendatory|regulatory) )?$`,
  'iu',
);
/** Instructions of an earlier rule, which this one puts off. */
const OF_ANOTHER = /^,? (?:of|in|to|from) (?:the|that) (?:[\w-]+ ){0,4}(?:rule|document)\b/iu;

interface InstructionDay {
  numbers: string[];
  days: EffectDays;
  /** Where what was read ends. */
  end: number;
  start: number;
}

/** The numbers of "2, 3.a and 5 through 7"; paragraphs as the outline labels them ("3.a"). */
function readNumbers(text: string): string[] {
  const found: string[] = [];
  for (const [, through, digits, below] of text.matchAll(
    /(\b(?:through|to) |[–-] ?)?(\d+)((?:\.?[a-z]\b)?(?:\.[a-z]{1,4}\b|\([a-z]{1,4}\))*)/giu,
  )) {
    const to = Number(digits);
    const from = Number(/^\d+$/u.test(found.at(-1) ?? '') ? found.at(-1) : Number.NaN);
    if (through && from < to) for (let next = from + 1; next < to; next += 1) found.push(String(next));
    const paragraphs = (below ?? '').match(/[a-z]+/giu) ?? [];
    found.push([String(to), ...paragraphs].join('.'));
  }
  return found;
}

function findInstructionDays(text: string): InstructionDay[] {
  const found: InstructionDay[] = [];
  for (const match of text.matchAll(INSTRUCTIONS)) {
    const behind = match.index + match[0].length;
    const after = text.slice(behind, behind + 140);
    if (OF_ANOTHER.test(after)) continue;
    const before = text.slice(Math.max(0, match.index - 140), match.index);
    const own = OWN_DAY.exec(after) ?? (DATE_OF.test(before) ? BARE_DAY.exec(after) : null);
    const ahead = own ? null : DAY_BEFORE.exec(before);
    const from = own?.[2] ?? ahead?.[1];
    const until = own?.[3];
    found.push({
      numbers: readNumbers(match[1]!),
      days: readEffectDays(from, until, own?.[1] !== undefined),
      start: match.index - (ahead ? before.length - ahead.index : 0),
      end: behind + (own?.[0].length ?? 0),
    });
  }
  return found;
}

/** The text with what was read of single instructions blanked; blanks keep the positions. */
function withoutInstructions(text: string): string {
  let rest = '';
  for (const { start, end, days } of findInstructionDays(text)) {
    if (days.from === null && !days.indefinite) continue;
    rest += text.slice(rest.length, Math.max(start, rest.length));
    rest += ' '.repeat(Math.max(0, end - rest.length));
  }
  return rest + text.slice(rest.length);
}

/** The day in "This rule is effective March 25, 2025.", or null where DATES says it otherwise. */
export function readEffectiveDay(dates: string | null): string | null {
  const match = EFFECTIVE.exec(withoutInstructions(fold(dates)));
  return match ? readPrintedDate(match[1]!) : null;
}

const ENDS = [
  new RegExp(`${EFFECTIVE.source}(?:${THROUGH}|${EXPIRES})(${DAY})`, 'iu'),
  new RegExp(
    `\\b(?:the|this)(?: [\\w-]+){0,3} (?:rule|amendments?|revisions?|additions?)(?: made by this rule)? (?:(?:will|shall) )?(?:expires?|ends?|terminates?|remains? (?:in effect|effective) through)() ${HOUR}(?:on )?(${DAY})`,
    'iu',
  ),
];

/** Last day of effect of the whole rule: "effective X through Y", "expires on Y". */
export function readEndDay(dates: string | null): string | null {
  const text = withoutInstructions(fold(dates));
  for (const pattern of ENDS) {
    const match = pattern.exec(text);
    if (match) return readPrintedDate(match[2]!);
  }
  return null;
}

/**
 * Instructions with days of their own: "except for amendatory instruction 11, which is effective September 16,
 * 2024", "instruction 5 is effective from November 17, 2023, through January 1, 2026" (sources, §4.10).
 * Instruction, as "11" or "3.a" → its days; neither a first day nor indefinite where DATES does not say it.
 */
export function readInstructionDays(dates: string | null): Map<string, EffectDays> {
  const found = new Map<string, EffectDays>();
  for (const { numbers, days } of findInstructionDays(fold(dates))) {
    for (const number of numbers) {
      const known = found.get(number);
      // Two days for one instruction settle nothing.
      const agrees = known === undefined || (known.from === days.from && known.until === days.until);
      found.set(number, agrees ? days : { from: null, until: null, indefinite: false });
    }
  }
  return found;
}

const PREFIX = new RegExp(
  `^\\s*(?:effective ${FROM}(${DAY})(?:(?:${THROUGH})(${DAY}))?|(delayed indefinitely)|delayed (?:until|to) (${DAY})),? (?=\\S)`,
  'iu',
);
const LABELS = /^\s*(?:(?:\(\w{1,5}\)|\d{1,3}\.|[a-z]{1,5}\.|[A-Z]{1,2}\.)\s+){0,4}/u;

/**
 * Takes the days of effect from the beginning of an instruction: "2. Effective March 13, 2024, the heading …",
 * "3. Delayed indefinitely, amend …" (sources, §3.6).
 */
export function takeEffectDays(paragraph: string): { text: string; days: EffectDays | null } {
  const label = LABELS.exec(paragraph)?.[0] ?? '';
  const rest = paragraph.slice(label.length);
  const match = PREFIX.exec(rest.slice(0, 200));
  if (!match) return { text: paragraph, days: null };
  const from = match[1] ?? match[4];
  return {
    text: label + rest.slice(match[0].length),
    days: readEffectDays(from, match[2], match[3] !== undefined),
  };
}

/** What may be a day, also where print glued or misspelled it: "throughJanuary 31", "Janury 31, 2032", ", 2032". */
const ANY_DAY = new RegExp(
  `${MONTH} ?\\d{1,2}(?!\\d)(?:, ?\\d{4}\\b)?|\\d{1,2}/\\d{1,2}/\\d{2,4}\\b` +
    '|[\\p{L}.]{1,12} ?\\d{1,2},? ?(?:19|20)\\d\\d\\b|, ?(?:19|20)\\d\\d\\b',
  'giu',
);

/** An end that is told as a length of time: no day of the calendar says it. */
const DURATION =
  /\b(?:effective|in effect|in force|expires?|ends?|terminates?)\b[^.;]{0,120}\b(?:for (?:a period of |up to |the next )?|after |within )?(?:\d{1,4}|one|two|three|four|five|six|nine|twelve|eighteen|thirty|sixty|ninety|one hundred (?:and )?\w+)(?: \(\d+\))?[ -](?:calendar |business |additional )?(?:day|week|month|year)s?\b/iu;

/** Sentences whose dates are no effective dates: savings clauses, and deadlines for comments. */
const NO_EFFECT = /\ben route\b|\baboard a carrier\b|\bmay (?:proceed|continue)\b|\bcomments?\b/iu;

/** What makes a date an effective date even there. */
const TAKES_EFFECT = /\beffective (?:date )?(?:is |of )?(?:on |as of |from |beginning )?$/iu;

/** The legal clock is the effective day; "applicable beginning" says when the Government acts on it. */
const APPLICABLE = /\bapplicable (?:beginning |as of |from )?(?:on )?$/iu;

/** Sentences of DATES; neither "a.m." nor a single capital ends one. */
export function splitDates(text: string): string[] {
  return text.split(/(?<=[^A-Z]\.)(?<! [ap]\.m\.)(?<! (?:Nos?|Doc)\.) (?=[A-Z“"])/u);
}

/**
 * One sentence for each further day in DATES that is not the effective day of the rule or of an instruction,
 * and stands in no savings clause and no deadline for comments. Such a day can end the rule, or delay a part.
 *
 * @param read sentences that another reader accounted for
 */
export function readDateDoubts(dates: string | null, read: ReadonlySet<string> = new Set()): string[] {
  const text = fold(dates);
  const effective = readEffectiveDay(text);
  const end = readEndDay(text);
  // Instructions are accounted for one by one, by those that amend a list.
  const rest = withoutInstructions(text);

  const doubts = new Map<string, string>();
  let at = 0;
  for (const sentence of splitDates(text)) {
    const blanked = rest.slice(at, at + sentence.length);
    at += sentence.length + 1;
    if (read.has(sentence)) continue;
    if (DURATION.test(blanked) && !NO_EFFECT.test(sentence))
      doubts.set(sentence, `DATES gives a length of time and no day: “${sentence.slice(0, 160)}”.`);
    const without = NO_EFFECT.test(sentence);
    for (const match of blanked.matchAll(ANY_DAY)) {
      const before = blanked.slice(Math.max(0, match.index - 40), match.index);
      const day = readPrintedDate(match[0]);
      if ((day !== null && (day === effective || day === end)) || APPLICABLE.test(before)) continue;
      if (without && !TAKES_EFFECT.test(before)) continue;
      const key = day ?? match[0];
      const excerpt = sentence.slice(Math.max(0, match.index - 80), match.index + 40).trim();
      if (!doubts.has(key))
        doubts.set(key, `DATES also names ${match[0]} besides the effective day: “${excerpt}”.`);
    }
  }
  return [...doubts.values()];
}

/** Whether DATES puts off the whole rule without a day. */
export function readsIndefinite(dates: string | null, read: ReadonlySet<string> = new Set()): boolean {
  const text = fold(dates);
  const rest = withoutInstructions(text);
  let at = 0;
  for (const sentence of splitDates(text)) {
    const blanked = rest.slice(at, at + sentence.length);
    at += sentence.length + 1;
    if (!read.has(sentence) && /\b(?:delayed|postponed|stayed|suspended) indefinitely\b/iu.test(blanked))
      return true;
  }
  return false;
}
