import type { ListName } from '../model.ts';
import { listOfSupplement, SUPPLEMENT } from './mask.ts';

const NAMES: [RegExp, ListName][] = [
  [/\bunverified list\b/iu, 'unverified-list'],
  [/\bmilitary[- ]end[- ]user (?:\(MEU\) )?list\b/iu, 'military-end-user-list'],
  [/(?<!UFLPA |prevention act )\bentity list\b/iu, 'entity-list'],
];

/** The list of a supplement that was found; one that names no part is of part 744. */
function listOf([, number, part = '744']: readonly string[]): ListName | null {
  return part === '744' ? listOfSupplement(number!) : null;
}

/** The list whose supplement a text names; null for another supplement, undefined where it names none. */
export function readListTarget(text: string): ListName | null | undefined {
  const supplement = SUPPLEMENT.exec(text);
  return supplement ? listOf(supplement) : undefined;
}

/** The lists that a text names by their supplements or by their names. */
export function readNamedLists(text: string): ListName[] {
  const named = new Set(NAMES.filter(([pattern]) => pattern.test(text)).map(([, list]) => list));
  for (const supplement of text.matchAll(new RegExp(SUPPLEMENT.source, 'giu'))) {
    const list = listOf(supplement);
    if (list) named.add(list);
  }
  return [...named];
}

const UFLPA = /\buyghur forced labor|\bUFLPA\b/iu;
const UFLPA_LIST = /\b(?:UFLPA|uyghur forced labor prevention act)(?: \(UFLPA\))? entity list\b/giu;

/** The text without mentions of the UFLPA Entity List, which another department keeps (sources, §4.9). */
export function withoutUflpaList(text: string): string {
  return text.replace(UFLPA_LIST, ' ');
}

/** Whether a document is about the UFLPA Entity List: by its title, or because it names no list beside it. */
export function isAboutUflpa(title: string, text: string): boolean {
  return UFLPA.test(title) || (UFLPA.test(text) && readNamedLists(withoutUflpaList(text)).length === 0);
}
