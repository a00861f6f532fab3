import type { Issue, ListName } from '../model.ts';
import { readPrintedDate } from './citation.ts';
import { type Order, readClauses, type Scope, SUPPLEMENT } from './clause.ts';
import { isFurniture } from './furniture.ts';
import { createOutline } from './label.ts';

export type { Order };

/** Reads the paragraphs of a document's instructions one after the other. */
export interface InstructionReader {
  /** Returns the list that the paragraph is about, or null. */
  read(paragraph: string, part: string | null): ListName | null;
  /** Number of the paragraph read last, as "2.c.ii". */
  label(): string;
  /** To be called behind the last paragraph: notes paragraphs that ordered nothing. */
  finish(): void;
  orders: Order[];
  issues: Issue[];
  /** Paragraphs with an effective day of their own. */
  days: { label: string; on: string | null }[];
}

const LIST_OF_SUPPLEMENT: Record<string, ListName> = {
  '4': 'entity-list',
  '6': 'unverified-list',
  '7': 'military-end-user-list',
};

const OTHER_TARGET =
  /(?:§§?\s*\d{3}\.\d+|\bsections?\s+\d{3}\.\d+|\bauthority citation\b|\bappendix\b|\bpart\s+\d{3}\b|\bsupplements?\s+(?:no\.?|number)\s*\d)/iu;

/** A list called by its name, where neither its supplement nor a section is named. */
const LIST_BY_NAME = /\b(?:entity list|unverified list|military end[ -]user (?:\(MEU\) )?list)\b/iu;

/** "Supplements No. 4 and No. 7 to part 744 are amended": which of them a clause means is not said. */
const SEVERAL_SUPPLEMENTS = /\bsupplements\s+no/iu;

/** "Effective May 6, 2025, supplement no. 4 …" */
const EFFECTIVE = /^\s*effective\s+(?:on\s+)?([A-Z][a-z]+ \d{1,2}, \d{4}),?\s+/iu;

interface Read {
  label: string;
  text: string;
  /** False for a paragraph that only says what those below it are about. */
  telling: boolean;
}

/**
 * Makes a reader of amendatory instructions (1 CFR 21; the wording of BIS in sources, §4.5). A paragraph is
 * read from left to right; list, verb and destination stay in force for the paragraphs below it.
 */
export function createInstructionReader(): InstructionReader {
  const enter = createOutline<Scope>(() => ({
    list: null,
    targeted: false,
    action: null,
    destination: null,
  }));
  const orders: Order[] = [];
  const issues: Issue[] = [];
  const paragraphs: Read[] = [];
  const days: InstructionReader['days'] = [];
  let label = '';

  const hold = (code: string, message: string, text: string, instruction: string) =>
    issues.push({
      code,
      holds: true,
      message,
      excerpt: text.slice(0, 300),
      locator: { instruction, row: null, page: null },
    });

  function retarget(scope: Scope, text: string, part: string | null): void {
    const supplement = SUPPLEMENT.exec(text);
    if (supplement) {
      const ofPart = supplement[2] ?? part ?? '744';
      scope.list = ofPart === '744' ? (LIST_OF_SUPPLEMENT[supplement[1]!] ?? null) : null;
      // Its part is only implied by what surrounds it, and that can be wrong (sources, §3.1).
      if (scope.list === null && supplement[2] === undefined && LIST_OF_SUPPLEMENT[supplement[1]!])
        hold(
          'target-unclear',
          `the instruction names a supplement and no part; around it stands part ${part}`,
          text,
          label,
        );
      scope.targeted = true;
      if (scope.list !== null && SEVERAL_SUPPLEMENTS.test(text))
        hold('several-targets', 'the instruction speaks of several supplements at once', text, label);
    } else if (!scope.targeted) {
      if (OTHER_TARGET.test(text)) scope.targeted = true;
      else if (LIST_BY_NAME.test(text))
        hold('target-unclear', 'the instruction names a list, and not the supplement it amends', text, label);
    }
  }

  return {
    orders,
    issues,
    days,
    label: () => label,
    read(paragraph, part) {
      const place = enter(paragraph.replace(/\p{Zs}/gu, ' '));
      const scope = place.state;
      label = place.label;
      if (isFurniture(place.text)) return scope.list;
      const dated = EFFECTIVE.exec(place.text);
      if (dated) days.push({ label, on: readPrintedDate(dated[1]!) });
      const text = dated ? place.text.slice(dated[0].length) : place.text;
      retarget(scope, text, part);
      if (scope.list === null) return null;
      const read = readClauses(scope, scope.list, text, label);
      orders.push(...read.orders);
      issues.push(...read.issues);
      paragraphs.push({
        label,
        text,
        telling: read.orders.length > 0 || read.issues.length > 0,
      });
      return scope.list;
    },
    finish() {
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
