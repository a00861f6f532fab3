import type { PlacedEntry } from '../../src/model.ts';

/** An entry of the Entity List under China, as a baseline has it. */
export function placedEntry(name: string): PlacedEntry {
  return {
    list: 'entity-list',
    destination: "CHINA, PEOPLE'S REPUBLIC OF",
    country: 'CN',
    name,
    aliases: [],
    addresses: ['Beijing, China'],
    seeAlso: [],
    licenseRequirement: 'For all items subject to the EAR.',
    licenseReviewPolicy: 'Presumption of denial',
    footnotes: [],
    citations: [{ volume: 84, page: 1, on: '2019-01-02' }],
  };
}
