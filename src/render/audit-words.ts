import type { AuditSource, LedgerLine } from '../model.ts';

/** What people call the sources, inside a sentence. */
export const SOURCE_NAMES: Record<AuditSource, string> = { ecfr: 'eCFR', csl: 'the CSL' };

/** One line of the ledger in words: "12 of 70 not yet in the CSL, day 3". */
export function describeLedgerLine(
  source: AuditSource,
  { ours, there, day }: Pick<LedgerLine, 'ours' | 'there' | 'day'>,
): string {
  const where = `in ${SOURCE_NAMES[source]}, day ${day}`;
  return there < ours ? `${ours - there} of ${ours} not yet ${where}` : `${there} of ${ours} ${where}`;
}
