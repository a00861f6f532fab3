import type { Citation, PlacedEntry } from '../../../src/model.ts';
import type { Draft } from '../write-rule.ts';

/** Every text of an entry in which words can be exchanged. */
const TEXTS = ['name', 'aliases', 'addresses', 'licenseRequirement', 'licenseReviewPolicy'] as const;

const without = <T>(items: readonly T[], gone: readonly T[]) => items.filter((item) => !gone.includes(item));
const isCited = (all: readonly Citation[], { volume, page }: Citation) =>
  all.some((own) => own.volume === volume && own.page === page);

function alterLiterally<Of extends PlacedEntry>(entry: Of, { alter = {} }: Draft): Of {
  const next: Of = {
    ...entry,
    name: alter.name ?? entry.name,
    destination: alter.place?.destination ?? entry.destination,
    country: alter.place?.country ?? entry.country,
    aliases: [...without(entry.aliases, alter.aliases?.remove ?? []), ...(alter.aliases?.add ?? [])],
    addresses: [...without(entry.addresses, alter.addresses?.remove ?? []), ...(alter.addresses?.add ?? [])],
    licenseRequirement: alter.licenseRequirement ?? entry.licenseRequirement,
    licenseReviewPolicy: alter.licenseReviewPolicy ?? entry.licenseReviewPolicy,
    footnotes: [...without(entry.footnotes, alter.footnotes?.remove ?? []), ...(alter.footnotes?.add ?? [])]
      .map((number) => alter.renumber?.find(({ from }) => from === number)?.to ?? number)
      .sort((a, b) => a - b),
  };
  for (const { find, by, field } of alter.words ?? [])
    for (const text of field === null ? TEXTS : [field]) {
      const value = next[text];
      const exchange = (given: string) => given.split(find).join(by);
      Object.assign(next, { [text]: Array.isArray(value) ? value.map(exchange) : exchange(value) });
    }
  return next;
}

/**
 * What a list is after some amendments, by the plainest steps that say so and by nothing of the engine. Names
 * are compared to the letter. `made` turns an addition into an entry.
 */
export function applyLiterally<Of extends PlacedEntry>(
  entries: readonly Of[],
  drafts: readonly Draft[],
  made: (placed: PlacedEntry, draft: Draft) => Of,
): Of[] {
  let list = [...entries];
  const fits = (entry: Of, draft: Draft) =>
    entry.list === draft.list &&
    entry.name === (draft.target?.name ?? draft.name) &&
    entry.destination === (draft.target?.destination ?? draft.destination);
  const isWhole = (draft: Draft) => draft.action === 'replace' && draft.alter?.place !== undefined;
  const printed = (draft: Draft): PlacedEntry => ({
    list: draft.list,
    destination: draft.destination,
    country: draft.country,
    name: draft.name,
    aliases: draft.aliases ?? [],
    addresses: draft.addresses ?? [],
    seeAlso: draft.seeAlso ?? [],
    licenseRequirement: draft.licenseRequirement ?? '',
    licenseReviewPolicy: draft.licenseReviewPolicy ?? '',
    footnotes: draft.footnotes ?? [],
    citations: draft.citations ?? [],
  });
  const under = (entry: Of, draft: Draft) =>
    entry.list === draft.list && (draft.destination === '' || entry.destination === draft.destination);

  for (const draft of drafts.filter(isWhole))
    list = list.map((entry) => (under(entry, draft) ? alterLiterally(entry, draft) : entry));
  for (const draft of drafts)
    if (draft.action === 'remove') list = list.filter((entry) => !fits(entry, draft));
  for (const draft of drafts) {
    if (draft.action === 'revise')
      list = list.map((entry) => {
        if (!fits(entry, draft)) return entry;
        const row = printed(draft);
        const repeats = row.citations.some((cited) => isCited(entry.citations, cited));
        return {
          ...entry,
          ...row,
          citations: repeats ? row.citations : [...entry.citations, ...row.citations],
        };
      });
    if (draft.action === 'alter')
      list = list.map((entry) => (fits(entry, draft) ? alterLiterally(entry, draft) : entry));
    if (draft.action === 'replace' && !isWhole(draft))
      list = list.map((entry) => (under(entry, draft) ? alterLiterally(entry, draft) : entry));
  }
  for (const draft of drafts) if (draft.action === 'add') list.push(made(printed(draft), draft));
  return list;
}
