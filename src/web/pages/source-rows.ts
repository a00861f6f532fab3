import { easternDay } from '../../days.ts';
import { dayNumber } from '../../render/chart.ts';
import { dayInWords, instantInWashington } from '../../render/date-facts.ts';
import { countOf } from '../../render/words.ts';
import type { Lag, SourceHealth } from '../site/sources.ts';

/** How one source stands, in words. */
export interface SourceRow {
  title: string;
  gives: string;
  state: string;
  isBad: boolean;
  last: string;
  ago: string;
  /** When it was asked last, where that failed. */
  tried: string;
  failed: string;
  failure: string;
  next: string;
  lag: string;
  /** Number of the document that the lag is of, or nothing. */
  lagOf: string;
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
    tried:
      one.failure === null || one.lastFailureAt === null
        ? ''
        : `${instantInWashington(one.lastFailureAt)}, ${agoInWords(one.lastFailureAt, now)}`,
    failed: one.lastFailureAt === null ? 'never' : instantInWashington(one.lastFailureAt),
    failure: one.failure ?? '',
    next: nextInWords(one.nextAt, now),
    lag: lagInWords(one.lag, now),
    lagOf: one.lag?.of === 'document' ? one.lag.number : '',
  }));
}

function lagInWords(lag: Lag | null, now: string): string {
  if (lag === null) return 'nothing to measure yet';
  if (lag.of === 'document')
    return `known here ${lengthInWords(lag.seconds)} after ${lag.since === 'filed' ? 'it was filed' : 'its day of print began'}`;
  const { sourceOn, waiting, waitingSince } = lag;
  const asOf = `As of ${dayInWords(sourceOn)}: `;
  if (waiting === 0 || waitingSince === null) return `${asOf}every rule is there`;
  const days = dayNumber(easternDay(now)) - dayNumber(waitingSince);
  return `${asOf}${countOf(waiting, 'rule is', 'rules are')} not there yet, ${countOf(days, 'day', 'days')} after ${waiting === 1 ? 'its print' : 'the first was printed'}`;
}

/** "40 seconds", "8 hours 45 minutes", "2 days 3 hours": the two largest units. */
function lengthInWords(seconds: number): string {
  if (seconds < 60) return countOf(seconds, 'second', 'seconds');
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return countOf(minutes, 'minute', 'minutes');
  const hours = Math.floor(minutes / 60);
  const [large, small] =
    hours < 48
      ? [
          countOf(hours, 'hour', 'hours'),
          minutes % 60 === 0 ? '' : countOf(minutes % 60, 'minute', 'minutes'),
        ]
      : [
          countOf(Math.floor(hours / 24), 'day', 'days'),
          hours % 24 === 0 ? '' : countOf(hours % 24, 'hour', 'hours'),
        ];
  return small === '' ? large : `${large} ${small}`;
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
