import type { Amendment, Issue } from '../model.ts';
import {
  type EffectDays,
  readDateDoubts,
  readEffectiveDay,
  readEndDay,
  readInstructionDays,
  readsIndefinite,
} from './dates.ts';

/** What a document says about the days of its amendments. */
export interface EffectSource {
  /** Text of DATES. */
  dates: string | null;
  /** The day that the record gives; the document itself is followed. */
  recordedOn: string | null;
  /** Days at the beginning of instructions: label → days. */
  prefixes: ReadonlyMap<string, EffectDays>;
  /** Labels of all instructions of the document. */
  labels: ReadonlySet<string>;
  /** Sentences of DATES that speak of an earlier rule and were read. */
  read: ReadonlySet<string>;
}

function isBelow(instruction: string, label: string): boolean {
  return instruction === label || instruction.startsWith(`${label}.`);
}

/** The days of the nearest paragraph at or above an instruction. */
function nearest(
  days: ReadonlyMap<string, EffectDays>,
  instruction: string,
): { label: string; days: EffectDays } | null {
  let found: { label: string; days: EffectDays } | null = null;
  for (const [label, own] of days)
    if (isBelow(instruction, label) && (found === null || label.length > found.label.length))
      found = { label, days: own };
  return found;
}

/**
 * Gives each amendment the days of effect of its instruction, from DATES and from the beginning of the
 * instruction itself (sources, §4.10). What is put off without a day, and days that are not to be had or
 * contradict each other, are issues that hold. Sets `effectiveOn` and `endsOn` in place.
 */
export function applyEffectDays(amendments: readonly Amendment[], source: EffectSource): Issue[] {
  const { dates, recordedOn, prefixes, labels, read } = source;
  const issues = new Map<string, Issue>();
  const note = (code: string, holds: boolean, message: string) =>
    issues.set(`${code} ${message}`, {
      code,
      holds,
      message,
      excerpt: dates?.slice(0, 300) ?? null,
      locator: null,
    });

  const printed = readEffectiveDay(dates);
  if (printed !== null && recordedOn !== null && printed !== recordedOn)
    note(
      'effective-date-differs',
      false,
      `DATES says ${printed}, the record says ${recordedOn}; the document itself is followed`,
    );
  const ruleOn = printed ?? recordedOn;
  const ends = readEndDay(dates);
  const inDates = readInstructionDays(dates);
  if (amendments.length > 0) {
    for (const label of inDates.keys())
      if (![...labels].some((own) => isBelow(own, label)))
        note(
          'instruction-dates',
          true,
          `DATES speaks of instruction ${label}, which the document does not have`,
        );
    if (readsIndefinite(dates, read)) note('delayed-indefinitely', true, 'the rule is delayed without a day');
    for (const doubt of readDateDoubts(dates, read)) note('date-unread', true, doubt);
  }

  for (const amendment of amendments) {
    const { instruction } = amendment.locator;
    const told = nearest(inDates, instruction);
    const own = nearest(prefixes, instruction);
    const which = `instruction ${own?.label ?? told?.label ?? instruction}`;
    for (const given of [told, own]) {
      if (given === null) continue;
      if (given.days.indefinite) note('delayed-indefinitely', true, `${which} is delayed without a day`);
      else if (given.days.from === null)
        note('instruction-dates', true, `the day on which ${which} takes effect was not read`);
    }
    if (told?.days.from && own?.days.from && told.days.from !== own.days.from)
      note(
        'instruction-dates',
        true,
        `DATES says ${told.days.from} for ${which}, and the instruction ${own.days.from}`,
      );
    const from = own?.days.from ?? told?.days.from ?? null;
    const until = own?.days.until ?? told?.days.until ?? ends;
    if (until !== null && until < (from ?? ruleOn ?? until))
      note('instruction-dates', true, `${which} would end on ${until}, before it takes effect`);
    if (from !== null && from !== ruleOn) amendment.effectiveOn = from;
    if (until !== null) amendment.endsOn = until;
  }
  return [...issues.values()];
}
