import fc from 'fast-check';
import { style } from '../../test/helpers/write-rule/random.ts';
import { type Draft, draft, PLACES, type WrittenRule, writeRule } from '../../test/helpers/write-rule.ts';
import { seededRandom } from '../screen/distort.ts';

/** Destinations under which the list has entries, spelt as it spells them. */
const COUNTRIES = ['AE', 'CN', 'HK', 'IR', 'PK', 'RU'] as const;
const NAMES = ['Amber', 'Birch', 'Cedar', 'Delta-9', 'Fjörd', 'Gülen', 'Волна'] as const;
const FORMS = [
  'Optics Co., Ltd.',
  'Institute of Physics',
  'Trading, LLC',
  'Works (HK)',
  'No. 9 Plant',
] as const;
const PAGES_OF_RULE = 20;

/**
 * Rules of one day, one after the other, each printed in a style of its own: it adds entries, and revises, alters or
 * removes some that an earlier one added. The same seed writes the same rules.
 */
export function createRuleWriter(seed: number, publishedOn: string): () => WrittenRule {
  const random = seededRandom(seed);
  const pick = <T>(items: readonly T[]): T => items[Math.floor(random() * items.length)]!;
  /** What is on the list because of us. */
  const listed: { name: string; country: string; page: number }[] = [];
  let written = 0;
  let named = 0;

  const add = (): Draft => {
    named += 1;
    const name = `${pick(NAMES)} ${named} ${pick(FORMS)}`;
    return draft('add', pick(COUNTRIES), name, {
      aliases: random() < 0.5 ? [`${pick(NAMES)} Alias ${named}`] : [],
      addresses: [`No. ${named} ${pick(NAMES)} Road, Town`],
    });
  };
  const amend = (): Draft[] => {
    if (listed.length < 5 || random() < 0.4) return [];
    const at = Math.floor(random() * listed.length);
    const { name, country, page } = listed[at]!;
    const place = { country, destination: PLACES[country]!.heading };
    const action = pick(['remove', 'revise', 'alter'] as const);
    if (action === 'remove') {
      listed.splice(at, 1);
      return [draft('remove', country, name)];
    }
    if (action === 'alter')
      return [
        draft('alter', country, name, {
          alter: { addresses: { add: [`Room ${written}, Town`], remove: [] } },
        }),
      ];
    const citations = [{ volume: Number(publishedOn.slice(0, 4)) - 1935, page, on: publishedOn }];
    return [
      draft('revise', country, name, { ...place, addresses: [`No. ${written} New Road, Town`], citations }),
    ];
  };

  return () => {
    const number = `2031-${String(20_000 + written)}`;
    const startPage = 4_100 + PAGES_OF_RULE * written;
    written += 1;
    const amendments = [...amend(), ...Array.from({ length: 1 + Math.floor(random() * 4) }, add)];
    const [printed] = fc.sample(style, { seed: seed + written, numRuns: 1 });
    const rule = writeRule({ number, publishedOn, startPage, amendments, style: printed! });
    const page = rule.pages['entity-list']!;
    for (const { action, name, country } of amendments)
      if (action === 'add') listed.push({ name, country: country!, page });
    return rule;
  };
}
