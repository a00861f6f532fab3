import { addBusinessDays, countBusinessDays } from '../calendar.ts';
import { laterOf } from '../days.ts';
import type { AuditSource, LedgerLine, TracedChange } from '../model.ts';
import type { Pairing } from './lag.ts';
import type { Past } from './versions.ts';

/**
 * Business days that a source may take to show a rule, counted from its print or its first day of effect,
 * whichever is later. eCFR is one or two behind print, "sometimes more" (sources, §5.2). The Consolidated
 * Screening List takes days to weeks (ITA's developer portal, issues 40 and 62): three weeks.
 */
export const LAG_BUSINESS_DAYS: Record<AuditSource, number> = { ecfr: 5, csl: 15 };

/** A rule that a source may not have taken up yet. */
export interface WatchedRule {
  number: string;
  publishedOn: string;
  /** Business days since its publication. */
  day: number;
  /** False once all of it was there: what is missing then is drift. */
  isOpen: boolean;
  /** True where the source took longer than it may. */
  isLate: boolean;
}

export interface Watch {
  source: AuditSource;
  today: string;
  /** Rules that the source itself gives notice of as not taken up yet. */
  pending: ReadonlySet<string>;
  /** Rules of which earlier ledgers have lines, with the last day on which all of the rule was there. */
  ledger: ReadonlyMap<string, string | null>;
}

/**
 * The rules to keep a ledger of: those in effect that are within the time which a source may take, and those
 * whose lines in earlier ledgers were never complete. By number.
 */
export function rulesToWatch(
  changes: readonly TracedChange[],
  { source, today, pending, ledger }: Watch,
): Map<string, WatchedRule> {
  const starts = new Map<string, { publishedOn: string; from: string }>();
  for (const { number, publishedOn, effectiveOn } of changes) {
    if (number === null || publishedOn === null || effectiveOn > today) continue;
    const known = starts.get(number)?.from ?? publishedOn;
    starts.set(number, { publishedOn, from: laterOf(effectiveOn, known) });
  }
  const watched = new Map<string, WatchedRule>();
  for (const [number, { publishedOn, from }] of starts) {
    const isWithin = addBusinessDays(from, LAG_BUSINESS_DAYS[source]) >= today;
    const isNoticed = pending.has(number);
    // A part of a rule can take effect long after the rest of it was there.
    const isOpen = (ledger.get(number) ?? '') < from;
    if (!isWithin && !isNoticed && !(ledger.has(number) && isOpen)) continue;
    watched.set(number, {
      ...{ number, publishedOn, day: countBusinessDays(publishedOn, today), isOpen },
      isLate: !isWithin && !isNoticed,
    });
  }
  return watched;
}

/**
 * How far each watched rule has come in a source: of the entries that it changes in a way that the source can
 * show, how many are there as it left them, or as a later rule did. Rules that change nothing of that kind have
 * no line. In the order of publication.
 */
export function ledgerOf<Theirs>(
  watched: ReadonlyMap<string, WatchedRule>,
  pasts: Map<string, Past>,
  shown: ReadonlyMap<string, number | null>,
  today: string,
  pairing: Pairing<Theirs>,
): LedgerLine[] {
  const lines = new Map<string, LedgerLine>();
  for (const [entryId, { versions, at }] of pasts) {
    const isDone = new Set<string>();
    for (const [index, { number, entry, effectiveOn }] of [...versions.entries()].reverse()) {
      const rule = number === null ? undefined : watched.get(number);
      if (rule === undefined || effectiveOn > today || isDone.has(rule.number)) continue;
      isDone.add(rule.number);
      const first = versions.findIndex((version) => version.number === rule.number);
      const before = versions[first - 1]!.entry;
      const isVisible =
        before === null || entry === null
          ? before !== entry
          : pairing.reconcile([entry], [pairing.show(before)]).length > 0;
      if (!isVisible) continue;
      const { publishedOn, day } = rule;
      const line = lines.get(rule.number) ?? {
        ...{ number: rule.number, publishedOn, ours: 0, there: 0, missing: [], day },
      };
      lines.set(rule.number, line);
      line.ours += 1;
      const seen = shown.has(entryId) ? shown.get(entryId)! : at;
      if (seen !== null && seen >= index) line.there += 1;
      else line.missing.push((entry ?? before)!.name);
    }
  }
  for (const { missing } of lines.values()) missing.sort();
  return [...lines.values()].sort((a, b) =>
    `${a.publishedOn} ${a.number}` < `${b.publishedOn} ${b.number}` ? -1 : 1,
  );
}
