import type { CountedAction, ListName } from '../../../src/model.ts';
import type { Draft } from '../write-rule.ts';
import type { Style } from './style.ts';
import { inWords, PLACES, PROSE_OF, series } from './words.ts';

const LISTS: readonly ListName[] = ['entity-list', 'unverified-list', 'military-end-user-list'];

function countedAction({ action }: Draft): CountedAction | null {
  if (action === 'replace') return null;
  return action === 'alter' ? 'revise' : action;
}

/** "42 entities under 44 entries" and "under the destinations of A (40) and B (4)". */
function countsOf(style: Style, drafts: readonly Draft[]): { what: string; where: string } {
  const number = (count: number) =>
    style.counts === 'figures' && count > 9 ? String(count) : inWords(count);
  const perPlace = new Map<string, Set<string>>();
  const rows = new Map<string, number>();
  for (const { country, name } of drafts) {
    perPlace.set(country!, (perPlace.get(country!) ?? new Set()).add(name));
    rows.set(country!, (rows.get(country!) ?? 0) + 1);
  }
  const entities = new Set(drafts.filter(({ name }) => !/^Address \d+$/u.test(name)).map(({ name }) => name))
    .size;
  const noun = (count: number, one: string, many: string) => `${number(count)} ${count === 1 ? one : many}`;
  const what =
    entities === drafts.length
      ? noun(entities, 'entity', 'entities')
      : entities < drafts.length && drafts.every(({ name }) => !/^Address \d+$/u.test(name))
        ? `${noun(entities, 'entity', 'entities')} under ${noun(drafts.length, 'entry', 'entries')}`
        : noun(drafts.length, 'entry', 'entries');
  const places = [...rows].sort(([a], [b]) => PLACES[a]!.heading.localeCompare(PLACES[b]!.heading));
  const listed = places.map(([country, count]) => `${PLACES[country]!.prose} (${count})`);
  // Names with commas of their own are told apart by semicolons.
  const where =
    places.length === 1
      ? `under the destination of ${style.wording % 2 === 0 ? listed[0] : PLACES[places[0]![0]]!.prose}`
      : `under the destinations of ${series(listed, listed.some((text) => text.includes(',')) ? ';' : ',')}`;
  return { what, where };
}

/** The abstract, as BIS writes it: a sentence for each list and verb (sources, §4.7). */
export function writeAbstract(style: Style, drafts: readonly Draft[], extra: readonly string[]): string {
  const sentences: string[] = [];
  for (const list of LISTS)
    for (const action of ['add', 'revise', 'remove'] as const) {
      const own = drafts.filter((draft) => draft.list === list && countedAction(draft) === action);
      if (own.length === 0) continue;
      const { what, where } = countsOf(style, own);
      const first = sentences.length === 0;
      const list_ = PROSE_OF[list];
      const existing = what.replace(
        / (?:entity|entities)\b.*$/u,
        own.length === 1 ? ' existing entry' : ' existing entries',
      );
      if (action === 'add')
        sentences.push(
          first
            ? `In this rule, the Bureau of Industry and Security (BIS) amends the Export Administration Regulations (EAR) by adding ${what} to ${list_}, ${where}.`
            : `This rule also adds ${what} to ${list_}, ${where}.`,
        );
      if (action === 'revise') {
        const entries = existing.replace(/^\S+/u, (word) =>
          /entr/u.test(existing) ? countWord(style, own.length) : word,
        );
        sentences.push(
          `This ${first ? 'final ' : ''}rule${first ? '' : ' also'} modifies ${entries} on ${list_}, ${where}.`,
        );
      }
      if (action === 'remove')
        sentences.push(
          `This ${first ? 'final ' : ''}rule${first ? '' : ' also'} removes ${what} from ${list_}, ${where}.`,
        );
    }
  return [...sentences, ...extra].join(' ');
}

function countWord(style: Style, count: number): string {
  return style.counts === 'figures' && count > 9 ? String(count) : inWords(count);
}
