import { instantInWashington } from '../../render/date-facts.ts';
import { countOf } from '../../render/words.ts';
import type { SourceHealth } from '../site/sources.ts';

/** How one source stands, in words. */
export interface SourceRow {
  title: string;
  gives: string;
  state: string;
  isBad: boolean;
  last: string;
  ago: string;
  failed: string;
  failure: string;
  next: string;
}

/** The sources in words, for readers and for whoever runs the service alike. */
export function viewSourceRows(sources: readonly SourceHealth[], now: string): SourceRow[] {
  return sources.map((one) => ({
    title: one.title,
    gives: one.gives,
    state: one.isLate ? 'late' : one.failure === null ? 'answers' : 'last look failed',
    isBad: one.isLate || one.failure !== null,
    last: one.lastSuccessAt === null ? 'never' : instantInWashington(one.lastSuccessAt),
    ago: one.lastSuccessAt === null ? '' : agoInWords(one.lastSuccessAt, now),
    failed: one.lastFailureAt === null ? 'never' : instantInWashington(one.lastFailureAt),
    failure: one.failure ?? '',
    next: nextInWords(one.nextAt, now),
  }));
}

function nextInWords(nextAt: string | null, now: string): string {
  if (nextAt === null) return 'each night';
  return Date.parse(nextAt) <= Date.parse(now) ? 'due now' : instantInWashington(nextAt);
}

/** "12 seconds ago", "3 minutes ago". */
function agoInWords(at: string, now: string): string {
  const seconds = Math.max(0, Math.round((Date.parse(now) - Date.parse(at)) / 1_000));
  if (seconds < 60) return `${countOf(seconds, 'second', 'seconds')} ago`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 120) return `${countOf(minutes, 'minute', 'minutes')} ago`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `${hours} hours ago` : `${Math.round(hours / 24)} days ago`;
}
