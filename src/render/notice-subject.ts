import type { ChangeSet, ListName } from '../model.ts';
import { cleanLine } from './clean.ts';
import { countryName } from './country-name.ts';
import { dayInWords } from './date-facts.ts';
import { countOf, LIST_TITLES } from './words.ts';

/** "Provisional: BIS filing 2025-05426 says it adds 70 entities to the Entity List: China 42 …" */
export function provisionalSubject(changeSet: ChangeSet, shown: number): string {
  const number = numberOf(changeSet);
  const again = (changeSet.differences ?? []).length > 0;
  const head = again ? 'Provisional, changed: BIS filing' : 'Provisional: BIS filing';
  const dates = datesOf(changeSet);
  const clauses = (Object.keys(changeSet.stated) as ListName[]).flatMap((list) =>
    clauseOf(changeSet, list, shown),
  );
  if (clauses.length > 0)
    return `${head} ${number} ${again ? 'now says' : 'says'} it ${clauses.join('; ')}${dates}`;
  const title = cleanLine(changeSet.document?.title ?? '').slice(0, 70);
  if (!changeSet.filing?.reading) return `${head} ${number}, text not readable yet: “${title}”${dates}`;
  const lists = changeSet.lists.map((list) => LIST_TITLES[list]).join(' and the ');
  return lists === ''
    ? `${head} ${number}: “${title}”${dates}`
    : `${head} ${number} says it amends the ${lists}${dates}`;
}

/** Why it will not come, as the code of the first issue says. */
export function withdrawnSubject(changeSet: ChangeSet): string {
  const number = numberOf(changeSet);
  const on = changeSet.document?.publishedOn ?? null;
  switch (changeSet.issues[0]?.code) {
    case 'filing-revoked':
      return `Withdrawn: BIS filing ${number} was revoked before publication`;
    case 'filing-overdue':
      return `Withdrawn: BIS filing ${number} has not been published${on === null ? '' : `; it was due on ${dayInWords(on)}`}`;
    case 'filing-no-change':
      return `Withdrawn: BIS filing ${number} changes no list, as its text shows`;
    case 'document-gone':
      return `Withdrawn: the Federal Register no longer has BIS rule ${number}`;
    default:
      return `Withdrawn: BIS rule ${number} changes no list`;
  }
}

function datesOf({ filing, document }: ChangeSet): string {
  const on = filing?.scheduledOn ?? null;
  const effective = filing?.reading?.effectiveOn ?? null;
  const publication = on === null ? '' : `to be published ${dayInWords(on).replace(/, \d{4}$/u, '')}`;
  if (effective !== null)
    return `; effective ${dayInWords(effective)}${publication === '' ? '' : `, ${publication}`}`;
  if (filing?.reading?.effectiveOnPublication)
    return '; effective on publication, '.concat(publication || 'day unknown');
  return publication === '' || document === null ? '' : `; ${publication}`;
}

function clauseOf({ stated }: ChangeSet, list: ListName, shown: number): string[] {
  const of = stated[list];
  if (!of) return [];
  const title = `the ${LIST_TITLES[list]}`;
  const parts: string[] = [];
  for (const action of ['add', 'revise', 'remove'] as const) {
    const count = of[action];
    if (count === null) continue;
    const verb = { add: 'adds', revise: 'revises', remove: 'removes' }[action];
    const to = { add: 'to', revise: 'on', remove: 'from' }[action];
    const entities = count.entities === null ? '' : countOf(count.entities, 'entity', 'entities');
    const entries = count.entries === null ? '' : countOf(count.entries, 'entry', 'entries');
    const figure = [entities, entries].filter((one) => one !== '').join(' under ') || 'entries';
    if (parts.length > 0) parts.push(`${verb} ${count.entries ?? count.entities ?? 'some'}`);
    else {
      const places = Object.entries(count.byDestination)
        .sort((a, b) => b[1] - a[1])
        .map(([code, value]) => `${countryName(code)} ${value}`);
      const rest = places.length - shown;
      const names = places.slice(0, shown).join(', ') + (rest > 0 && shown > 0 ? ` and ${rest} more` : '');
      parts.push(`${verb} ${figure} ${to} ${title}${names === '' ? '' : `: ${names}`}`);
    }
  }
  return parts.length === 0 ? [] : [parts.join('; ')];
}

function numberOf(changeSet: ChangeSet): string {
  return changeSet.document === null ? 'without a number' : cleanLine(changeSet.document.number).slice(0, 40);
}
