import { readPrintedDate } from './citation.ts';

const MONTH =
  '(?:Jan(?:uary|\\.)|Feb(?:ruary|\\.)|Mar(?:ch|\\.)|Apr(?:il|\\.)|May|June?|July?|Aug(?:ust|\\.)|Sept?(?:ember|\\.)|Oct(?:ober|\\.)|Nov(?:ember|\\.)|Dec(?:ember|\\.))';
const DAY = `${MONTH} \\d{1,2}, \\d{4}`;
const FROM = '(?:at )?(?:\\d{1,2}(?::\\d\\d)? [ap]\\.m\\.,? )?(?:on |as of |from |beginning )?';

const EFFECTIVE = new RegExp(
  `\\beffective(?:(?: date)?:|(?: date)? (?:is|of(?: (?:the|this)(?: [\\w-]+){0,2} rule is)?))? ?${FROM}(${DAY})`,
  'iu',
);

/** White space in one form: the patterns below know only single spaces. */
function fold(dates: string | null): string {
  return (dates ?? '').replace(/\s+/gu, ' ').trim();
}

/** The day in "This rule is effective March 25, 2025.", or null where DATES says it otherwise. */
export function readEffectiveDay(dates: string | null): string | null {
  const match = EFFECTIVE.exec(fold(dates));
  return match ? readPrintedDate(match[1]!) : null;
}

const NUMBER = '\\d{1,3}(?:\\.?[a-z]\\b)?';
const INSTRUCTIONS = new RegExp(
  `\\binstructions? (?:(?:nos?\\.?|numbers?) )?(${NUMBER}(?:(?:, ?| )(?:(?:and|or|through|to) )?${NUMBER}){0,40})`,
  'giu',
);
const OWN_DAY = new RegExp(
  `^,? ?(?:respectively,? )?(?:(?:which|that) )?(?:(?:is|are|will be|becomes?) )?(?:effective ${FROM}|applicable ${FROM}|delayed (?:until|to) )(${DAY})`,
  'iu',
);

interface InstructionDay {
  numbers: string[];
  day: string | null;
  /** Where what was read ends. */
  end: number;
  start: number;
}

/** The numbers of "2, 3.a and 5 through 7". */
function readNumbers(text: string): string[] {
  const numbers: number[] = [];
  for (const [, through, digits] of text.matchAll(/(\b(?:through|to) )?(\d+)/gu)) {
    const to = Number(digits);
    const from = numbers.at(-1);
    if (through && from !== undefined) for (let next = from + 1; next < to; next += 1) numbers.push(next);
    numbers.push(to);
  }
  return numbers.map(String);
}

function findInstructionDays(text: string): InstructionDay[] {
  return [...text.matchAll(INSTRUCTIONS)].map((match) => {
    const behind = match.index + match[0].length;
    const own = OWN_DAY.exec(text.slice(behind, behind + 100));
    return {
      numbers: readNumbers(match[1]!),
      day: own ? readPrintedDate(own[1]!) : null,
      start: match.index,
      end: behind + (own?.[0].length ?? 0),
    };
  });
}

/**
 * Instructions that take effect on a day of their own: "except for amendatory instruction 11, which is
 * effective September 16, 2024". Instruction number → day, null where DATES does not say it.
 */
export function readInstructionDays(dates: string | null): Map<string, string | null> {
  const days = new Map<string, string | null>();
  for (const { numbers, day } of findInstructionDays(fold(dates)))
    for (const number of numbers) days.set(number, day);
  return days;
}

const ANY_DAY = new RegExp(`\\b${MONTH} \\d{1,2}\\b(?:, \\d{4}\\b)?|\\b\\d{1,2}/\\d{1,2}/\\d{2,4}\\b`, 'giu');

/** Sentences whose dates are no effective dates: savings clauses, and deadlines for comments. */
const NO_EFFECT = /\ben route\b|\baboard a carrier\b|\bmay (?:proceed|continue)\b|\bcomments?\b/iu;

/** What makes a date an effective date even there. */
const TAKES_EFFECT = /\beffective (?:date )?(?:is |of )?(?:on |as of |from |beginning )?$/iu;

/** The legal clock is the effective day; "applicable beginning" says when the Government acts on it. */
const APPLICABLE = /\bapplicable (?:beginning |as of |from )?(?:on )?$/iu;

/**
 * One sentence for each further day in DATES that is not the effective day of the rule or of an instruction,
 * and stands in no savings clause and no deadline for comments. Such a day can end the rule, or delay a part.
 */
export function readDateDoubts(dates: string | null): string[] {
  const text = fold(dates);
  const effective = readEffectiveDay(text);
  // Instructions are accounted for one by one, by those that amend a list; blanks keep the positions.
  let rest = '';
  for (const { start, end } of findInstructionDays(text))
    rest += text.slice(rest.length, start) + ' '.repeat(end - start);
  rest += text.slice(rest.length);

  const doubts = new Map<string, string>();
  for (const sentence of rest.split(/(?<=[^A-Z]\.)(?<! [ap]\.m\.) (?=[A-Z“"])/u)) {
    const without = NO_EFFECT.test(sentence);
    for (const match of sentence.matchAll(ANY_DAY)) {
      const before = sentence.slice(Math.max(0, match.index - 40), match.index);
      const day = readPrintedDate(match[0]);
      if ((day !== null && day === effective) || APPLICABLE.test(before)) continue;
      if (without && !TAKES_EFFECT.test(before)) continue;
      const key = day ?? match[0];
      const excerpt = sentence.slice(Math.max(0, match.index - 80), match.index + 40).trim();
      if (!doubts.has(key))
        doubts.set(key, `DATES also names ${match[0]} besides the effective day: “${excerpt}”.`);
    }
  }
  return [...doubts.values()];
}
