import type { Issue, ListName } from '../model.ts';
import { type Order, readClauses, type Scope, SUPPLEMENT } from './clause.ts';
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
    label: () => label,
    read(paragraph, part) {
      const place = enter(paragraph.replace(/\p{Zs}/gu, ' '));
      const scope = place.state;
      label = place.label;
      retarget(scope, place.text, part);
      if (scope.list === null) return null;
      const read = readClauses(scope, scope.list, place.text, label);
      orders.push(...read.orders);
      issues.push(...read.issues);
      paragraphs.push({
        label,
        text: place.text,
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
