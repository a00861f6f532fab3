import type { ChangeSet, NamedEntry } from '../model.ts';
import { cleanLine, shorten, webAddress } from './clean.ts';
import { countryName } from './country-name.ts';
import { dayInWords, instantInWashington } from './date-facts.ts';
import { LIST_TITLES } from './words.ts';

/** What a notice shows of a filing on public inspection, in words. */
export interface FilingView {
  /** When it was filed, seen, and is to be published. */
  facts: string[];
  /** Names that its instructions quote, in groups; they are provisional. */
  named: { title: string; names: string[] }[];
  letters: { title: string; url: string | null }[];
  editorialNote: string;
}

export const PROVISIONAL_NOTE =
  'This is provisional. It is read from the raw text of a filing on public inspection, before publication. Our copy of the list is unchanged. A second message in this thread will confirm, correct or withdraw it.';

const MOST_NAMES = 200;
const VERBS = { add: 'Added to', revise: 'Revised on', remove: 'Removed from' } as const;

/** Shows a filing; null for a change set that tells of none. */
export function viewFiling({ filing }: ChangeSet, dateLanguage = 'en'): FilingView | null {
  if (!filing) return null;
  const { filedAt, filingType, seenAt, scheduledOn, reading } = filing;
  const filed =
    filedAt === null
      ? ''
      : `Filed at ${instantInWashington(filedAt)}${filingType === null ? '' : ` (${filingType} filing)`}.`;
  return {
    facts: [
      filed,
      `First seen by us at ${instantInWashington(seenAt)}.`,
      scheduledOn === null
        ? 'It has no day of publication.'
        : `Scheduled for publication on ${dayInWords(scheduledOn, dateLanguage)}.`,
      reading === null ? 'Its text cannot be read yet; only its title is known.' : '',
    ].filter((fact) => fact !== ''),
    named: groupNames(reading?.named ?? []),
    letters: filing.letters.map(({ title, url }) => ({
      title: shorten(cleanLine(title), 300),
      url: webAddress(url),
    })),
    editorialNote: shorten(cleanLine(filing.editorialNote ?? ''), 2_000),
  };
}

function groupNames(named: readonly NamedEntry[]): FilingView['named'] {
  const groups = new Map<string, string[]>();
  for (const { action, list, country, destination, name } of named.slice(0, MOST_NAMES)) {
    const title = `${VERBS[action]} the ${LIST_TITLES[list]}, under ${countryName(country, destination ?? '')}`;
    groups.set(title, [...(groups.get(title) ?? []), shorten(cleanLine(name), 300)]);
  }
  const shown = [...groups].map(([title, names]) => ({ title, names }));
  const more = named.length - MOST_NAMES;
  return more > 0 ? [...shown, { title: `and ${more} more names`, names: [] }] : shown;
}

/** How early it was known: by a filing itself, or by what was told before its publication. */
export function describeLead(changeSet: ChangeSet, earlier: readonly ChangeSet[]): string {
  if (changeSet.outcome === 'provisional') {
    const on = changeSet.filing?.scheduledOn ?? null;
    const days = on === null ? 0 : daysBetween(changeSet.knownAt, on);
    return days > 0
      ? `This was known ${days === 1 ? 'one day' : `${days} days`} before its scheduled publication.`
      : '';
  }
  const first = earlier.findLast((set) => set.outcome === 'provisional');
  if (!first) return '';
  const told = `We first told of it at ${instantInWashington(first.knownAt)}, from public inspection`;
  const on = changeSet.document?.publishedOn ?? null;
  const days = on === null || changeSet.outcome !== 'applied' ? 0 : daysBetween(first.knownAt, on);
  return days > 0
    ? `${told}, ${days === 1 ? 'one day' : `${days} days`} before its publication.`
    : `${told}.`;
}

function daysBetween(instant: string, day: string): number {
  const there = instantInWashington(instant).slice(0, 10);
  return Math.round((Date.parse(day) - Date.parse(there)) / 86_400_000);
}
