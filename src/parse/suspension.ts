import { addDays } from '../days.ts';
import type { DocumentReference, Issue, Suspension } from '../model.ts';
import { readPrintedDate } from './citation.ts';
import { DAY, splitDates } from './dates.ts';
import { findReferences } from './reference.ts';

/** A passage that may put off an earlier rule. */
export interface Passage {
  text: string;
  /** Where it is printed; an order comes before DATES, and DATES before what the SUMMARY tells. */
  source: 'order' | 'dates' | 'summary';
  instruction: string;
  page: number | null;
}

/** What is known of the document around a passage. */
export interface SuspensionContext {
  /** First day of effect of the document itself. */
  effectiveOn: string | null;
  /** True where the document amends part 744, or comes from the agency that does. */
  ours: boolean;
}

export interface ReadSuspensions {
  suspensions: Suspension[];
  issues: Issue[];
  /** Sentences that were read, so that nobody asks what their days mean. */
  read: Set<string>;
}

const STAY = 'stay(?:ed|ing|s)?|suspend(?:ed|ing|s)?|held in abeyance';
const DELAY = 'delay(?:ed|ing|s)?|postpon(?:ed|ing|es)|deferr?(?:ed|ing|s)?';
const EXTEND = 'extend(?:ed|ing|s)?|continu(?:ed|ing|es)';
const LIFT =
  'lift(?:ed|ing|s)?|terminat(?:ed|ing|es)|rescind(?:ed|ing|s)?|withdr(?:awn|awing|aws)|end(?:ed|ing|s)';
const ADVERBS = '(?:(?:hereby|further|again|now|also|temporarily|partially|administratively) ){0,2}';
const SUBJECT =
  '(?:this|the) (?:[\\w-]+ ){0,4}(?:rule|document|action)|(?:BIS|the Bureau of Industry and Security|the Department(?: of Commerce)?)';

/** Said of the present: "are stayed", "BIS is staying", "this rule delays". A stay that was is background. */
const PASSIVE = new RegExp(
  `\\b(?:is|are|(?:will|shall) be) (?:being )?${ADVERBS}(?:(${STAY})|(${DELAY})|(${EXTEND})|(${LIFT}))(?=[ ,.;:]|$)`,
  'iu',
);
const ACTIVE = new RegExp(
  `\\b(?:${SUBJECT}) (?:\\(BIS\\) )?(?:is |are )?${ADVERBS}(?:(stays|staying|suspends|suspending)|(delays|delaying|postpones|postponing|defers|deferring)|(extends|extending|continues|continuing)|(lifts|lifting|terminates|terminating|rescinds|rescinding|withdraws|withdrawing|ends|ending)) (?=the\\b|that\\b|its\\b|until\\b|amend)`,
  'iu',
);
/** Undone for good, or by a court: what of the rule was applied is then for a person to take back. */
const UNDONE = new RegExp(
  `\\b(?:is|are|(?:has|have) been|(?:will|shall) be) ${ADVERBS}(?:withdrawn|rescinded|revoked|vacated|set aside|enjoined|cancell?ed|annulled)\\b` +
    `|\\b(?:${SUBJECT}) (?:\\(BIS\\) )?(?:is |are )?${ADVERBS}(?:withdraws|withdrawing|rescinds|rescinding|revokes|revoking|vacates|vacating)\\b` +
    '|\\b(?:will|shall|does|do) not (?:take effect|become effective|go into effect)\\b',
  'iu',
);
/** What is put off and no effect: the time for comments, or for compliance. */
const NO_EFFECT =
  /\b(?:comments?|comment period|compliance (?:dates?|deadlines?)|public hearing|reporting (?:dates?|deadlines?))\b[^.;]{0,200}\b(?:is|are|(?:will|shall) be) (?:being )?(?:hereby |further |again )?(?:delayed|postponed|deferred|extended|stayed|suspended)\b/iu;
const STAY_NOUN = /\b(?:the|this|that|its) (?:(stay|suspension)|(delay|postponement))\b/iu;

/** What is put off: a rule or what it amends. */
const OF_RULE =
  /\b(?:effective dates? (?:of|for)|(?:amendments?|revisions?|additions?|changes|instructions?)\b.{0,160}\b(?:rules?|document)\b|(?:final|interim|temporary|affiliates|earlier|previous) (?:[\w-]+ ){0,3}rules?\b|rules? published|FR Doc|\d{2,3} FR \d|stay of|suspension of|delay of)/iu;

/** Whether a sentence says that an earlier rule is put off, or that this ends. */
export function seemsToSuspend(text: string): boolean {
  if (!OF_RULE.test(text) || NO_EFFECT.test(text)) return false;
  if (UNDONE.test(text)) return !/\bproposed rules?\b/iu.test(text);
  const match = PASSIVE.exec(text) ?? ACTIVE.exec(text);
  if (match === null) return false;
  // A rule that "continues" or "ends" something else than a stay or a delay puts nothing off.
  return match[1] !== undefined || match[2] !== undefined || STAY_NOUN.test(text);
}

/** "Delay of Effective Date", "Final rule; stay." */
const TITLED =
  /\b(?:stay|delay|postponement|deferral|suspension)s? of (?:the )?(?:effective|effectiveness|amendments?|(?:[\w-]+ ){1,3}rules?\b)|;\s*(?:partial |temporary |further )?(?:stay|delay|postponement)\b|\bextension of (?:the )?(?:stay|delay)\b|(?:^|[;:—–]\s*)(?:partial )?(?:withdrawal|rescission|vacatur)\b/iu;

/** Whether a title or an ACTION says that the document puts off a rule. */
export function isTitledSuspension(text: string): boolean {
  return TITLED.test(text);
}

const UNTIL = new RegExp(
  `\\b(until|to|through) (?:(?:at )?(?:\\d{1,2}(?::\\d\\d)? [ap]\\.m\\.,? )?(?:on )?)?(${DAY})`,
  'giu',
);
const FROM = new RegExp(
  `\\b(?:effective|as of|beginning|from|starting|lifted|on and after)(?: on)? (${DAY})`,
  'giu',
);
const INDEFINITE = /\bindefinitely\b|\buntil further notice\b|\bpending\b/iu;
const PARTS = /\bparts? (\d{3}(?:(?:, and |, | and |-| through )\d{3})*)/giu;
const INSTRUCTIONS =
  /\binstructions? (?:(?:nos?\.?|numbers?) )?(\d{1,3}(?:\.?[a-z]\b)?(?:(?:, and |, | and )\d{1,3}(?:\.?[a-z]\b)?)*)/iu;
/** Parts of a rule that only its own text could tell: single entries, sections, footnotes. */
const PIECES =
  /[“"]|\bentr(?:y|ies)\b|§|\bsections?\b|\bparagraphs?\b|\bfootnotes?\b|\bsupplements? (?:no|number)/iu;
/** What leads over to a document that only told of it: "as delayed at 90 FR 8000"; not "the stay of the rule at". */
const TOLD_AT =
  /\b(?:as|was|were|previously|first|originally|last|and) ?(?:further )?(?:delayed|stayed|extended|suspended|postponed|announced|corrected|amended|lifted)\b[^;()]{0,80}$|\bsee[^;()]{0,40}$|\b(?:correct(?:ed|ion)|delay|stay|notice|announcement)\b(?:(?! rules?\b)[^;()]){0,40}\bat $/iu;

interface Found {
  suspensions: Suspension[];
  /** Why it could not be read; null where it was. */
  doubt: string | null;
  /** True for a passage about other parts of the Code only. */
  elsewhere: boolean;
}

function readParts(sentence: string): Set<string> {
  return new Set(
    [...sentence.matchAll(PARTS)].flatMap(([, list]) => {
      const found = (list!.match(/\d{3}/gu) ?? []).map(Number);
      const range = /^(\d{3})(?:-| through )(\d{3})$/u.exec(list!);
      if (range && Number(range[2]) - Number(range[1]) < 100)
        for (let part = Number(range[1]); part < Number(range[2]); part += 1) found.push(part);
      return found.map(String);
    }),
  );
}

function readSentence(sentence: string, passage: Passage, context: SuspensionContext): Found {
  const parts = readParts(sentence);
  if (parts.size > 0 && !parts.has('744')) return { suspensions: [], doubt: null, elsewhere: true };
  const doubt = (text: string): Found => ({ suspensions: [], doubt: text, elsewhere: false });

  const noun = STAY_NOUN.exec(sentence);
  const match = PASSIVE.exec(sentence) ?? ACTIVE.exec(sentence);
  // "The stay is withdrawn" ends a stay; a rule that is withdrawn is undone as a whole.
  if (match === null || (UNDONE.test(sentence) && noun === null))
    return doubt('the rule is undone: what of it was applied must be taken back by a person');
  const [, stay, , extend, lift] = match;
  const ofDate = /\beffective dates?\b/iu.test(sentence);
  let kind: Suspension['kind'] = stay ? 'stay' : 'delay';
  if (extend || lift) {
    if (!noun) return doubt('it is not said whether a stay or a delay is extended or ended');
    kind = noun[1] ? 'stay' : 'delay';
  } else if (stay && ofDate) return doubt('an effective date is stayed: whether that moves it is not said');
  if (PIECES.test(sentence)) return doubt('only pieces of a rule are put off');

  const targets = findReferences(sentence).filter(
    ({ start }) => !TOLD_AT.test(sentence.slice(Math.max(0, start - 120), start)),
  );
  if (targets.length === 0) return doubt('the rule that is put off is named by neither citation nor number');
  if (targets.length > 1 && !/\b(?:rules|documents)\b/iu.test(sentence))
    return doubt('several documents are cited, and which of them is put off is not said');

  const ends = [...sentence.matchAll(UNTIL)];
  const starts = [...sentence.matchAll(FROM)].map((found) => readPrintedDate(found[1]!));
  const indefinite = INDEFINITE.test(sentence);
  // "from April 15 to May 16": of a delay the first day is only the old one.
  const moved = kind === 'delay' && /\bfrom\b/iu.test(sentence) && ends.length === 1;
  const opening = new RegExp(
    `^(?:accordingly, |therefore, )?(?:effective|as of|beginning)(?: on)? (${DAY})`,
    'iu',
  ).exec(sentence);
  const first = opening ? readPrintedDate(opening[1]!) : moved ? null : (starts[0] ?? null);
  if (!moved && new Set(starts).size > 1) return doubt('several first days are named');
  const instructions = INSTRUCTIONS.exec(sentence);
  const numbers = instructions
    ? instructions[1]!
        .match(/\d{1,3}(?:\.?[a-z]\b)?/giu)!
        .map((number) => number.replace(/^(\d+)\.?([a-z])$/iu, '$1.$2'))
    : null;

  let from = first;
  let until: string | null;
  if (lift) {
    from ??= context.effectiveOn;
    if (from === null || ends.length > 0 || indefinite) return doubt('the day on which it ends is not clear');
    until = kind === 'stay' ? addDays(from, -1) : from;
  } else {
    if (ends.length > 1) return doubt('several last days are named');
    if (ends.length === 0 && !indefinite) return doubt('it is not said until when');
    if (ends.length === 1 && /\bpending\b/iu.test(sentence))
      return doubt('its end depends on something else');
    until = ends.length === 1 ? readPrintedDate(ends[0]![2]!) : null;
    if (ends.length === 1 && until === null) return doubt('its last day is no day of the calendar');
    if (kind === 'delay' && /^through$/iu.test(ends[0]?.[1] ?? ''))
      return doubt('a delay “through” a day does not say the first day of effect');
    if (from !== null && until !== null && until < from) return doubt('it ends before it begins');
  }
  const locator = { instruction: passage.instruction, row: null, page: passage.page };
  return {
    suspensions: targets.map(({ number, citation }) => ({
      kind,
      rule: { number, citation },
      ...(numbers ? { instructions: numbers } : {}),
      ...(lift ? { lifted: true } : {}),
      from,
      until,
      locator,
    })),
    doubt: null,
    elsewhere: false,
  };
}

function same(one: DocumentReference, other: DocumentReference): boolean {
  return (
    (one.number !== null && one.number === other.number) ||
    (one.citation !== null && one.citation === other.citation)
  );
}

/** "The stay of the rule is extended" and nothing else, told again in other words. */
function isTold(one: Suspension, known: readonly Suspension[]): 'new' | 'told' | 'contradicts' {
  const other = known.find(({ rule }) => same(one.rule, rule));
  if (!other) return 'new';
  const numbers = (of: Suspension) => (of.instructions ?? []).join(' ');
  if (numbers(other) !== numbers(one)) return one.instructions ? 'new' : 'contradicts';
  const agrees =
    other.kind === one.kind &&
    other.until === one.until &&
    (other.from === null || one.from === null || other.from === one.from);
  if (agrees) other.from ??= one.from;
  return agrees ? 'told' : 'contradicts';
}

/**
 * Orders that put off an earlier rule: "Effective November 10, 2025, the amendments to 15 CFR parts 732, … and
 * 744 … published at 90 FR 47201 … are stayed until November 9, 2026" (sources, §4.1). Of a stay "until" names
 * the last day, of a delay the first day of effect. One that names other parts of the Code only is left out by
 * name; one that leaves open what, which rule or until when is an issue that holds.
 */
export function readSuspensions(passages: readonly Passage[], context: SuspensionContext): ReadSuspensions {
  const result: ReadSuspensions = { suspensions: [], issues: [], read: new Set() };
  if (!context.ours && !passages.some(({ text }) => readParts(text).has('744'))) return result;
  const issue = (code: string, holds: boolean, message: string, sentence: string, passage: Passage) =>
    result.issues.push({
      code,
      holds,
      message,
      excerpt: sentence.slice(0, 300),
      locator: { instruction: passage.instruction, row: null, page: passage.page },
    });

  for (const source of ['order', 'dates', 'summary'] as const) {
    const settled = result.suspensions.length > 0;
    for (const passage of passages)
      if (passage.source === source)
        for (const sentence of splitDates(passage.text.replace(/\s+/gu, ' ').trim())) {
          if (sentence.length > 5000 || !seemsToSuspend(sentence)) continue;
          if (!context.ours && !readParts(sentence).has('744')) continue;
          const found = readSentence(sentence, passage, context);
          result.read.add(sentence);
          if (found.elsewhere)
            issue(
              'suspension-elsewhere',
              false,
              'a rule is put off for other parts of the Code only',
              sentence,
              passage,
            );
          // The SUMMARY tells again, in fewer words, what was read already.
          else if (found.doubt !== null && !(settled && source === 'summary'))
            issue(
              'suspension-unclear',
              true,
              `an earlier rule seems to be put off: ${found.doubt}`,
              sentence,
              passage,
            );
          for (const one of found.suspensions) {
            const told = isTold(one, result.suspensions);
            if (told === 'new') result.suspensions.push(one);
            else if (told === 'contradicts')
              issue(
                'suspension-unclear',
                true,
                'the document says in two ways how long a rule is put off',
                sentence,
                passage,
              );
          }
        }
  }
  return result;
}
