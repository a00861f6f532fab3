import { foldName } from '../fold.ts';
import type { HeadingChange, Issue, ListName } from '../model.ts';
import { readClauses } from './clause.ts';
import { type EffectDays, takeEffectDays } from './dates.ts';
import { isFurniture } from './furniture.ts';
import { createOutline, type Place } from './label.ts';
import { listOfSupplement, type Masked, maskParagraph } from './mask.ts';
import type { Order, Scope } from './order.ts';

export type { Order };

/** Reads the paragraphs of a document's instructions one after the other. */
export interface InstructionReader {
  /** Returns the list that the paragraph is about, or null. */
  read(paragraph: string, part: string | null): ListName | null;
  /** Reads a paragraph whose number another outline took from it. It inherits nothing and hands nothing on. */
  readApart(label: string, text: string, part: string | null): ListName | null;
  /** Passes over a paragraph that amends nothing by itself; it has its place in the outline all the same. */
  pass(paragraph: string): void;
  /** Number of the paragraph read last, as "2.c.ii". */
  label(): string;
  /** To be called behind the last paragraph: notes paragraphs that ordered nothing. */
  finish(): void;
  orders: Order[];
  headings: HeadingChange[];
  issues: Issue[];
  /** Labels of all paragraphs, whatever they are about. */
  labels: Set<string>;
  /** Days of effect at the beginning of paragraphs: label → days. */
  days: Map<string, EffectDays>;
}

const OTHER_TARGET =
  /(?:§§?\s*\d{3}\.\d+|\bsections?\s+\d{3}\.\d+|\bauthority citation\b|\bappendix\b|\bpart\s+\d{3}\b|\bsupplements?\s+(?:no\.?|number)\s*\d)/iu;

/** What no list can be: these may speak of entries and of countries as they like. */
const ELSEWHERE =
  /(?:§§?\s*\d{3}\.\d+|\bsections?\s+\d{3}\.\d+|\bauthority citation\b|\bappendix\b|\bcountry (?:group|chart)|\bECCNs?\b|\bcommerce control list\b)/iu;

/** The Validated End-User list, whose wording is that of our lists (sources, §4.8). */
const VALIDATED_END_USERS = '748 7';

/** What only an amendment of a list says, beside its destination. */
const OF_ENTRIES = /\bentr(?:y|ies)\b|\bentit(?:y|ies)\b|\bpersons?\b|[“"]/iu;

/** A list called by its name, where neither its supplement nor a section is named. */
const LIST_BY_NAME = /\b(?:entity list|unverified list|military end[ -]user (?:\(MEU\) )?list)\b/iu;

const VERB = /\b(?:add|remov|revis|delet|correct|insert|redesignat|transfer|mov|replac|renam|amend)/iu;

interface Read {
  label: string;
  text: string;
  /** False for a paragraph that only says what those below it are about. */
  telling: boolean;
}

/** A paragraph that says that another one follows. */
const GOES_ON = /(?:[,;] ?(?:and|or)|,)\s*$/iu;

/**
 * Makes a reader of amendatory instructions (1 CFR 21; the wording of BIS in sources, §4.5). A paragraph is
 * read from left to right; list, verb and destination stay in force for the paragraphs below it.
 *
 * @param ours false for a document that has nothing to do with the lists: what it amends is none of our business
 */
export function createInstructionReader({ ours = true }: { ours?: boolean } = {}): InstructionReader {
  const blank = (): Scope => ({ list: null, targeted: false, action: null, destination: null });
  const enter = createOutline<Scope>(blank);
  const orders: Order[] = [];
  const headings: HeadingChange[] = [];
  const issues: Issue[] = [];
  const faults: Issue[] = [];
  /** The last paragraph with its label, whichever list it is about. */
  let last: { label: string; text: string; list: boolean } | null = null;
  const paragraphs: Read[] = [];
  const labels: InstructionReader['labels'] = new Set();
  const days: InstructionReader['days'] = new Map();
  let label = '';

  const hold = (code: string, message: string, text: string, instruction: string) =>
    issues.push({
      code,
      holds: true,
      message,
      excerpt: text.slice(0, 300),
      locator: { instruction, row: null, page: null },
    });

  function retarget(scope: Scope, text: string, { supplements }: Masked, part: string | null): void {
    const own = supplements.map((supplement) => ({
      ...supplement,
      lists:
        (supplement.part ?? part ?? '744') === '744'
          ? supplement.numbers.map(listOfSupplement).filter((list) => list !== null)
          : [],
    }));
    const supplement = own.find(({ lists }) => lists.length > 0) ?? own[0];
    if (supplement) {
      const [list, ...others] = supplement.lists;
      scope.elsewhere =
        supplement.lists.length === 0 &&
        (`${supplement.part} ${supplement.numbers[0]}` === VALIDATED_END_USERS ||
          (supplement.part !== null &&
            supplement.part !== '744' &&
            !supplement.numbers.some(listOfSupplement)));
      scope.list = others.length > 0 ? null : (list ?? null);
      if (others.length > 0) scope.choices = supplement.lists;
      else delete scope.choices;
      // Its part is only implied by what surrounds it, and that can be wrong (sources, §3.1).
      if (!list && supplement.part === null && listOfSupplement(supplement.numbers[0]!))
        hold(
          'target-unclear',
          `the instruction names a supplement and no part; around it stands part ${part}`,
          text,
          label,
        );
      scope.targeted = true;
    } else if (!scope.targeted) {
      if (OTHER_TARGET.test(text)) {
        scope.targeted = true;
        scope.elsewhere = ELSEWHERE.test(text);
      } else if (LIST_BY_NAME.test(text))
        hold('target-unclear', 'the instruction names a list, and not the supplement it amends', text, label);
    }
  }

  /**
   * A paragraph that orders something for entries under a destination, as only instructions for the lists do, and
   * whose target is none of them: a slip of print, or a wording that is not known.
   */
  function checkTarget(scope: Scope, text: string, masked: Masked, own: string): void {
    if (!ours || scope.elsewhere || !OF_ENTRIES.test(text) || ELSEWHERE.test(text)) return;
    const isTold = issues.some(
      ({ code, locator }) => code === 'target-unclear' && locator?.instruction === own,
    );
    if (masked.places.length > 0 && VERB.test(masked.text) && !isTold)
      hold(
        'target-unclear',
        'the instruction speaks of entries under a destination, and of no list',
        text,
        own,
      );
  }

  /** A list of paragraphs whose last one says that another follows lacks that one. */
  function checkEnd(): void {
    if (last?.list && GOES_ON.test(last.text))
      hold('outline-open', 'a paragraph says that another one follows, and none does', last.text, last.label);
  }

  /** One order given twice: a paragraph that was doubled, or an entry meant by mistake. */
  function checkTwice(): void {
    const met = new Set<string>();
    for (const order of orders) {
      // The rows of additions and revisions settle theirs; of others nothing else would tell.
      if (order.action === 'add') continue;
      const what = `${order.list}|${order.action}|${order.destination.country}|${JSON.stringify(order.alter ?? '')}`;
      const keys =
        order.names.length > 0 ? order.names.map(foldName) : order.action === 'replace' ? [''] : [];
      const own = new Set(keys.map((key) => `${what}|${key}`));
      for (const key of own)
        if (met.has(key)) {
          hold('order-twice', 'the same is ordered twice', order.names.join('; '), order.instruction);
          break;
        }
      for (const key of own) met.add(key);
    }
  }

  function readPlace(place: Place<Scope>, part: string | null): ListName | null {
    const scope = place.state;
    label = place.label;
    labels.add(label);
    if (isFurniture(place.text)) return scope.list;
    if (/^\d+$/u.test(label)) checkEnd();
    const before = last;
    const { text, days: own } = takeEffectDays(place.text);
    if (own) days.set(label, own);
    const masked = maskParagraph(text);
    retarget(scope, text, masked, part);
    const list = scope.list ?? scope.choices?.[0] ?? null;
    last = { label, text, list: list !== null };
    if (place.fault && (list !== null || before?.list))
      faults.push({
        code: 'outline-gap',
        holds: false,
        message: place.fault,
        excerpt: text.slice(0, 300),
        locator: { instruction: label, row: null, page: null },
      });
    if (list === null) {
      checkTarget(scope, text, masked, label);
      return null;
    }
    const read = readClauses(scope, scope.list, masked, label);
    orders.push(...read.orders);
    headings.push(...read.headings);
    issues.push(...read.issues);
    paragraphs.push({
      label,
      text,
      telling: read.orders.length + read.headings.length + read.issues.length > 0,
    });
    return read.orders.at(-1)?.list ?? list;
  }

  const inOneLine = (paragraph: string) => paragraph.replace(/\p{Zs}/gu, ' ');

  return {
    orders,
    headings,
    issues,
    labels,
    days,
    label: () => label,
    read: (paragraph, part) => readPlace(enter(inOneLine(paragraph)), part),
    readApart: (own, text, part) =>
      readPlace({ label: own, state: blank(), text: inOneLine(text), fault: null }, part),
    pass(paragraph) {
      label = enter(inOneLine(paragraph)).label;
      labels.add(label);
    },
    finish() {
      checkEnd();
      checkTwice();
      issues.push(...faults);
      for (const [at, { label: own, text, telling }] of paragraphs.entries()) {
        const below = paragraphs.some(
          (other, index) => index > at && (own === '' || other.label.startsWith(`${own}.`)),
        );
        if (!telling && !below && paragraphs.some((other) => other.telling))
          hold('order-missing', 'the instruction names no entry and counts none', text, own);
      }
    },
  };
}
