import type { ChangeSet, DocumentHead, FilingFacts } from '../model.ts';

/** Both clocks of a change set in words. */
export interface DateFacts {
  /** When it has legal effect, and how that lies to publication. */
  effective: string;
  /** When we knew it. */
  known: string;
}

const NUMBERS = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ');
const MONTHS = 'January February March April May June July August September October November December'.split(
  ' ',
);

/** "Effective March 25, 2025, three days before publication on March 28, 2025." and when we knew it. */
export function dateFacts(
  changeSet: Pick<ChangeSet, 'cause' | 'effectiveOn' | 'knownAt'> & {
    document: Pick<DocumentHead, 'publishedOn'> | null;
  } & Partial<Pick<ChangeSet, 'outcome' | 'filing'>>,
  dateLanguage = 'en',
): DateFacts {
  const inWords = (day: string) => dayInWords(day, dateLanguage);
  const effectiveOn = changeSet.effectiveOn;
  const publishedOn = changeSet.document?.publishedOn ?? null;
  return {
    effective:
      changeSet.cause === 'baseline'
        ? `The list as it stood on ${inWords(effectiveOn)}.`
        : changeSet.outcome === 'withdrawn'
          ? 'It has not taken effect by publication.'
          : changeSet.filing
            ? filedSentence(changeSet.filing, inWords)
            : effectiveSentence(effectiveOn, publishedOn, inWords),
    known: `Known to us at ${instantInWashington(changeSet.knownAt)}.`,
  };
}

type InWords = (day: string) => string;

/** What a filing says of its effect; its day of publication is only scheduled. */
function filedSentence({ reading, scheduledOn }: FilingFacts, inWords: InWords): string {
  const publication = scheduledOn === null ? '' : `, scheduled for ${inWords(scheduledOn)}`;
  if (reading?.effectiveOn)
    return `The filing says that it is effective ${inWords(reading.effectiveOn)}${scheduledOn === null ? '' : `; its publication is scheduled for ${inWords(scheduledOn)}`}.`;
  if (reading?.effectiveOnPublication)
    return `The filing says that it is effective on the day of its publication${publication}.`;
  return `When it takes effect is not known yet; its publication is${scheduledOn === null ? ' not scheduled' : publication.slice(1)}.`;
}

function effectiveSentence(effectiveOn: string, publishedOn: string | null, inWords: InWords): string {
  const head = `Effective ${inWords(effectiveOn)}`;
  if (publishedOn === null) return `${head}; not published yet.`;
  const days = Math.round((Date.parse(publishedOn) - Date.parse(effectiveOn)) / 86_400_000);
  if (Number.isNaN(days)) return `${head}.`;
  if (days === 0) return `${head}, the day of publication.`;
  const distance = Math.abs(days);
  const span = `${NUMBERS[distance] ?? distance} ${distance === 1 ? 'day' : 'days'}`;
  return `${head}, ${span} ${days > 0 ? 'before' : 'after'} publication on ${inWords(publishedOn)}.`;
}

/**
 * "March 25, 2025", or as another language (BCP 47) writes it. A day has no time zone: it is written in the one in
 * which it is read.
 */
export function dayInWords(day: string, language = 'en'): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/u.exec(day);
  const month = MONTHS[Number(match?.[2]) - 1];
  const at = new Date(day);
  if (match === null || month === undefined || Number.isNaN(at.getTime())) return day;
  if (language !== 'en')
    return new Intl.DateTimeFormat(language, { dateStyle: 'long', timeZone: 'UTC' }).format(at);
  return `${month} ${Number(match[3])}, ${match[1]}`;
}

/** "2025-03-28 08:45 EDT": the clock of the Federal Register, whatever the zone of this machine. */
export function instantInWashington(instant: string): string {
  const at = new Date(instant);
  if (Number.isNaN(at.getTime())) return instant;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: 'America/New_York',
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
  });
  const part = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day} ${part.hour}:${part.minute} ${part.timeZoneName}`;
}
