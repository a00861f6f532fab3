import type { ListName } from '../model.ts';

/** "supplement no. 4 to part 744", in the forms of sources §4.5. */
const SUPPLEMENT = /\bsupplements?\s+(?:no\.?|number)\s*(\d+)(?:\s+to\s+(?:15\s+CFR\s+)?part\s+(\d+))?/iu;

const LIST_OF_SUPPLEMENT: Record<string, ListName> = {
  '4': 'entity-list',
  '6': 'unverified-list',
  '7': 'military-end-user-list',
};

const NAMES: [RegExp, ListName][] = [
  [/\bunverified list\b/iu, 'unverified-list'],
  [/\bmilitary[- ]end[- ]user (?:\(MEU\) )?list\b/iu, 'military-end-user-list'],
  [/(?<!UFLPA |prevention act )\bentity list\b/iu, 'entity-list'],
];

/** The list whose supplement a text names; null for another supplement, undefined where it names none. */
export function readListTarget(text: string): ListName | null | undefined {
  const supplement = SUPPLEMENT.exec(text);
  if (!supplement) return undefined;
  return (supplement[2] ?? '744') === '744' ? (LIST_OF_SUPPLEMENT[supplement[1]!] ?? null) : null;
}

/** The lists that a text names by their supplements or by their names. */
export function readNamedLists(text: string): ListName[] {
  const named = new Set(NAMES.filter(([pattern]) => pattern.test(text)).map(([, list]) => list));
  for (const [, number, part] of text.matchAll(new RegExp(SUPPLEMENT.source, 'giu')))
    if ((part ?? '744') === '744' && LIST_OF_SUPPLEMENT[number!]) named.add(LIST_OF_SUPPLEMENT[number!]!);
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
