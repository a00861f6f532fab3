import type { AmendmentAction, Issue, ListName } from '../model.ts';
import { type Destination, findDestination, readLeadingDestination } from './destinations.ts';
import { NUMBER_PATTERN, readNumber } from './numbers.ts';

/** What one clause of an instruction orders: a verb, under one destination, for named or counted entries. */
export interface Order {
  list: ListName;
  action: AmendmentAction;
  destination: Destination;
  /** Names as quoted; empty where the clause only counts. */
  names: string[];
  /** "two Afghan entities", "an entry": null where nothing is counted. */
  count: number | null;
  /** Paragraph, as "2.c.ii". */
  instruction: string;
}

/** The part of a paragraph's meaning that the paragraphs below it inherit. */
interface Context {
  label: string;
  list: ListName | null;
  /** True once a paragraph named what it amends, be it a list or not. */
  targeted: boolean;
  action: AmendmentAction | null;
  destination: Destination | null;
}

/** Reads the paragraphs of a document's instructions one after the other. */
export interface InstructionReader {
  /** Returns the list that the paragraph is about, or null. */
  read(paragraph: string, part: string | null): ListName | null;
  /** Number of the paragraph read last, as "2.c.ii". */
  label(): string;
  orders: Order[];
  issues: Issue[];
}

const LIST_OF_SUPPLEMENT: Record<string, ListName> = {
  '4': 'entity-list',
  '6': 'unverified-list',
  '7': 'military-end-user-list',
};

const SUPPLEMENT = /\bsupplements?\s+(?:no\.?|number)\s*(\d+)(?:\s+to\s+(?:15\s+CFR\s+)?part\s+(\d+))?/iu;
const OTHER_TARGET =
  /(?:§§?\s*\d{3}\.\d+|\bsections?\s+\d{3}\.\d+|\bauthority citation\b|\bappendix\b|\bpart\s+\d{3}\b)/iu;

/** Verbs, in every form that rules use. Values of null are verbs that this reader knows it cannot do yet. */
const VERBS: [RegExp, AmendmentAction | null][] = [
  [/^(?:add(?:s|ed|ing)?|insert(?:s|ed|ing)?)\b/iu, 'add'],
  [
    /^(?:revis(?:e|es|ed|ing)|modif(?:y|ies|ied|ying)|correct(?:s|ed|ing)?|amend(?:s|ed|ing)?(?= (?:the |an |\w+ )?(?:existing )?entr))\b/iu,
    'revise',
  ],
  [/^(?:remov(?:e|es|ed|ing)|delet(?:e|es|ed|ing))\b/iu, 'remove'],
  [
    /^(?:redesignat\w*|transfer\w*|mov(?:e|es|ed|ing)\b|renam\w*|replac\w*|suspend\w*|stay(?:s|ed|ing)?\b|delay\w*|reserv(?:e|es|ed|ing)\b|substitut\w*|consolidat\w*|split\w*|merg\w*|restor\w*|reinstat\w*|republish\w*|withdraw\w*)/iu,
    null,
  ],
];

/** Words that carry no meaning of their own in an instruction. Anything else unread is an issue. */
const FILLER =
  /^(?:by|the|an?|entr(?:y|ies)|entit(?:y|ies)|persons?|address(?:es)?|for|and|in|alphabetical|numerical|order|under|destinations?|of|to|reads?|as|follows|following|is|are|table|list|entity|unverified|military|end[ -]?users?|existing|new|country|column|heading|headings|listed|set|forth|below|amend(?:s|ed|ing)?|further|also|all|each|respectively|from|on|this|its|their|part|supplement|no|number|cfr|with|respect|license|requirements?|these|those|both|appropriate|place|row|rows|both|additions?|revisions?|removals?|that|which|currently|appears?|read|exports?|administration|regulations|ear|iv|i{1,3}|[a-z]|[,.;:()—–-]+)$/iu;

function issue(code: string, message: string, excerpt: string, instruction: string): Issue {
  return {
    code,
    holds: true,
    message,
    excerpt: excerpt.replace(/\s+/gu, ' ').trim().slice(0, 300),
    locator: { instruction, row: null, page: null },
  };
}

type LabelKind =
  | 'number'
  | 'letter'
  | 'roman'
  | 'capital'
  | 'bracketed-number'
  | 'bracketed-letter'
  | 'bracketed-roman';

const ROMAN = /^(?:x{0,3})(?:ix|iv|v?i{0,3})$/u;

/** "2." "a." "ii." "A." "(1)" at the beginning of a paragraph; several can stand in a row ("2. a."). */
function takeLabel(text: string): { label: string; bracketed: boolean; rest: string } | null {
  const match =
    /^\s*(?:\((\d{1,3}|[a-z]{1,5}|[A-Z]{1,2})\)|(\d{1,3}|[a-z]{1,5}|[A-Z]{1,2})\.)(?=\s|\(|$)\s*/u.exec(text);
  if (!match) return null;
  const label = match[1] ?? match[2]!;
  if (/^[a-z]{2,}$/u.test(label) && !ROMAN.test(label) && !/^([a-z])\1$/u.test(label)) return null;
  return { label, bracketed: match[1] !== undefined, rest: text.slice(match[0].length) };
}

function nextLetter(label: string): string {
  return label.length === 1
    ? label === 'z'
      ? 'aa'
      : String.fromCharCode(label.charCodeAt(0) + 1)
    : nextLetter(label[0]!).repeat(label.length);
}

interface Level extends Context {
  kind: LabelKind;
}

/** "i", "v" and "x" are letters or numerals: a letter only where the level above it waits for that letter. */
function kindOf(label: string, bracketed: boolean, levels: readonly Level[]): LabelKind {
  if (/^\d/u.test(label)) return bracketed ? 'bracketed-number' : 'number';
  if (/^[A-Z]/u.test(label)) return 'capital';
  const letter: LabelKind = bracketed ? 'bracketed-letter' : 'letter';
  const roman: LabelKind = bracketed ? 'bracketed-roman' : 'roman';
  if (!ROMAN.test(label)) return letter;
  const lastOf = (kind: LabelKind) =>
    levels
      .find((level) => level.kind === kind)
      ?.label.split('.')
      .at(-1);
  const lastLetter = lastOf(letter);
  if (lastOf(roman) !== undefined) return roman;
  const open = levels.at(-1);
  if (lastLetter !== undefined && nextLetter(lastLetter) === label && !(open as { open?: boolean }).open)
    return letter;
  return lastLetter === undefined && label !== 'i' ? letter : roman;
}

/** Text in pieces, quoted or not. Quotes nest when curly; a straight quote closes at the next one. */
function splitQuotes(text: string): { quoted: boolean; text: string }[] {
  const pieces: { quoted: boolean; text: string }[] = [];
  let depth = 0;
  let straight = false;
  let piece = '';
  const push = (quoted: boolean) => {
    if (piece.trim() !== '') pieces.push({ quoted, text: piece });
    piece = '';
  };
  for (const mark of text) {
    if (mark === '“' && !straight) {
      if (depth === 0) push(false);
      else piece += mark;
      depth += 1;
    } else if (mark === '”' && !straight && depth > 0) {
      depth -= 1;
      if (depth === 0) push(true);
      else piece += mark;
    } else if (mark === '"' && depth === 0) {
      push(straight);
      straight = !straight;
    } else piece += mark;
  }
  push(straight || depth > 0);
  return pieces;
}

/** A quoted name without the punctuation of the sentence around it, and without an alias block. */
function cleanQuotedName(text: string): string {
  return text
    .replace(/,?\s*\(?\b(?:a\.?k\.?a\.?|f\.?k\.?a\.?|d\.?b\.?a\.?),?\s+the\s+following\b[\s\S]*$/iu, '')
    .replace(/[\s,;:]+$/u, '')
    .trim();
}

/**
 * Makes a reader of amendatory instructions (1 CFR 21; the wording of BIS in sources, §4.5). A paragraph is
 * read from left to right; list, verb and destination stay in force for the paragraphs below it.
 */
export function createInstructionReader(): InstructionReader {
  const orders: Order[] = [];
  const issues: Issue[] = [];
  const levels: (Level & { open: boolean })[] = [];

  function enter(paragraph: string): { context: Context; text: string } {
    let rest = paragraph;
    for (let taken = takeLabel(rest); taken; taken = takeLabel(rest)) {
      const kind = kindOf(taken.label, taken.bracketed, levels);
      const at = levels.findIndex((level) => level.kind === kind);
      if (at >= 0) levels.length = at;
      if (kind === 'number') levels.length = 0;
      const above = levels.at(-1);
      levels.push({
        kind,
        open: false,
        label: above ? `${above.label}.${taken.label}` : taken.label,
        list: above?.list ?? null,
        targeted: above?.targeted ?? false,
        action: above?.action ?? null,
        destination: above?.destination ?? null,
      });
      rest = taken.rest;
    }
    const own = levels.at(-1);
    if (own) own.open = /:\s*$/u.test(rest);
    return {
      context: own ?? { label: '0', list: null, targeted: false, action: null, destination: null },
      text: rest,
    };
  }

  function retarget(context: Context, text: string, part: string | null): void {
    const supplement = SUPPLEMENT.exec(text);
    if (supplement) {
      const ofPart = supplement[2] ?? part ?? '744';
      context.list = ofPart === '744' ? (LIST_OF_SUPPLEMENT[supplement[1]!] ?? null) : null;
      context.targeted = true;
    } else if (OTHER_TARGET.test(text) && !context.targeted) {
      context.list = null;
      context.targeted = true;
    }
  }

  function readClauses(context: Context, list: ListName, text: string): void {
    let action = context.action;
    let destination = context.destination;
    let names: string[] = [];
    let count: number | null = null;
    let verbSeen = false;
    const unread: string[] = [];

    const flush = () => {
      if (names.length === 0 && count === null) return;
      if (action === null)
        issues.push(
          issue('verb-missing', 'entries are named without a verb', names.join('; '), context.label),
        );
      else if (destination === null)
        issues.push(
          issue(
            'destination-missing',
            'entries are named without a destination',
            names.join('; '),
            context.label,
          ),
        );
      else orders.push({ list, action, destination, names, count, instruction: context.label });
      names = [];
      count = null;
    };

    const place = (found: Destination) => {
      const pending = names.length > 0 || count !== null;
      if (pending && destination === null)
        destination = found; // "the entry for “X” under IRAN"
      else {
        flush();
        destination = found;
      }
      if (!verbSeen) context.destination = found;
    };

    for (const piece of splitQuotes(text)) {
      if (piece.quoted) {
        const asDestination = /\bunder\s*$/iu.test(unread.at(-1) ?? '') ? findDestination(piece.text) : null;
        if (asDestination) place(asDestination);
        else {
          const name = cleanQuotedName(piece.text);
          if (name !== '') names.push(name);
        }
        continue;
      }
      let rest = piece.text.replace(SUPPLEMENT, ' ').replace(/[’‘]/gu, "'");
      for (;;) {
        rest = rest.replace(/^[\s,;:.()—–]+/u, '');
        if (rest === '') break;
        const introduced =
          /^(?:(?:under|from|in)(?: the)?(?: destinations?| country| headings?| entr(?:y|ies))?(?: of| for)?|(?:in |for )?the destinations? of|for(?= [A-Z]{2}[A-Z' ,]+(?:[:,.;]|$)))\s*,?\s*/iu.exec(
            rest,
          );
        if (introduced) {
          const found = readLeadingDestination(rest.slice(introduced[0].length));
          if (found) {
            place(found.destination);
            rest = rest.slice(introduced[0].length + found.length);
            continue;
          }
          const capitals = /^[A-Z][A-Z'’ ,-]{3,}/u.exec(rest.slice(introduced[0].length));
          if (capitals && /^under\b/iu.test(rest)) {
            issues.push(
              issue(
                'unknown-destination',
                `“${capitals[0].trim()}” is no known destination`,
                text,
                context.label,
              ),
            );
            destination = null;
            rest = rest.slice(introduced[0].length + capitals[0].length);
            continue;
          }
        }
        const verb = VERBS.find(([pattern]) => pattern.test(rest));
        if (verb) {
          const word = verb[0].exec(rest)![0];
          if (verb[1] === null) {
            issues.push(
              issue(
                'unsupported-verb',
                `the instruction says “${word}”, which is not read yet`,
                text,
                context.label,
              ),
            );
            return;
          }
          if (names.length > 0 || count !== null) {
            flush();
            destination = context.destination;
          }
          action = verb[1];
          if (!verbSeen) context.action = verb[1];
          verbSeen = true;
          rest = rest.slice(word.length);
          continue;
        }
        const counted = new RegExp(
          `^(${NUMBER_PATTERN}|an?|the)\\s+(?:(?:new|additional|existing|[A-Z][a-z]+)\\s+){0,3}(entit(?:y|ies)|entr(?:y|ies)|persons?)\\b`,
          'u',
        ).exec(rest);
        if (counted && verbSeen) {
          const value = /^an?$/iu.test(counted[1]!) ? 1 : readNumber(counted[1]!);
          if (value !== null) count = value;
          rest = rest.slice(counted[0].length);
          continue;
        }
        const word = /^[^\s,;:.()—–]+/u.exec(rest)?.[0] ?? rest[0]!;
        unread.push(word);
        rest = rest.slice(word.length);
      }
    }
    flush();
    const strange = unread.filter((word) => !FILLER.test(word) && !/^\d+$/u.test(word));
    if (strange.length > 0)
      issues.push(
        issue(
          'unknown-wording',
          `words of the instruction were not understood: ${strange.slice(0, 8).join(' ')}`,
          text,
          context.label,
        ),
      );
  }

  return {
    orders,
    issues,
    label: () => levels.at(-1)?.label ?? '',
    read(paragraph, part) {
      const { context, text } = enter(paragraph.replace(/ /gu, ' '));
      retarget(context, text, part);
      if (context.list !== null) readClauses(context, context.list, text);
      return context.list;
    },
  };
}
