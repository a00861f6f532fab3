import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withIds } from '../helpers/fixtures.ts';
import { expectedAfter, SCRIPT } from '../helpers/replay-script.ts';
import { type Original, originalOf, silentError } from '../helpers/silent-error.ts';
import { slipsOfCharacter, slipsOfPieces } from '../helpers/tamper.ts';
import { draft, writeRule } from '../helpers/write-rule.ts';

/** TAMPER=all tries every character of every document, which takes minutes; else a random part of them. */
const ALL = process.env.TAMPER === 'all';
const CHARACTERS = 60;
const OTHERS = ['x', 'S', '7', '5', '4', ' ', ',', '.', '“', '”', '”', ';', '—', '’', '(', '’', 'и'];

/** A rule whose abstract states a part of what it does: nothing but its own words speaks for the rest. */
const UNSTATED = (() => {
  const list = withIds(expectedAfter([]));
  const gone = list.find((entry) => entry.name === 'Bisotun Trading')!;
  const revised = list.find((entry) => entry.name === 'Peak Components')!;
  const document = writeRule({
    number: '2031-66666',
    publishedOn: '2031-01-06',
    startPage: 500,
    amendments: [
      draft('add', 'CN', 'Unstated Wares'),
      { ...draft('remove', 'IR', gone.name), destination: gone.destination },
      draft('alter', 'HK', revised.name, { alter: { aliases: { add: ['PKC'], remove: [] } } }),
    ],
    abstract:
      "In this rule, BIS amends the EAR by adding one entity to the Entity List, under the destination of China, People's Republic of (China) (1).",
  });
  return { document, list };
})();

const NAMED = SCRIPT.map((act, at) => ({ act, at })).filter(({ act: { outcome } }) => outcome === 'applied');

function expectNoSilentError(original: Original): void {
  const { xml } = original;
  const errors = [...slipsOfPieces(xml)].map((slip) => silentError(original, slip));
  expect(errors.filter((error) => error !== null)).toEqual([]);
  if (ALL) {
    const found: string[] = [];
    for (let place = 0; place < xml.length; place += 1)
      for (const slip of slipsOfCharacter(xml, place, OTHERS[place % OTHERS.length]!)) {
        const error = silentError(original, slip);
        if (error !== null) found.push(error);
      }
    expect(found.slice(0, 20), `${found.length} slips`).toEqual([]);
    return;
  }
  fc.assert(
    fc.property(fc.nat(xml.length - 1), fc.constantFrom(...OTHERS), (place, other) => {
      for (const slip of slipsOfCharacter(xml, place, other)) expect(silentError(original, slip)).toBeNull();
    }),
    { numRuns: CHARACTERS },
  );
}

describe('a slip in a rule that names its entries never gives another list in silence', () => {
  it.each(NAMED.map(({ act, at }) => ({ what: act.what, at })))('$what', ({ at }) => {
    expectNoSilentError(originalOf(SCRIPT[at]!.document, withIds(expectedAfter(SCRIPT.slice(0, at)))));
  });

  it('a rule that states only a part of what it does', () => {
    expectNoSilentError(originalOf(UNSTATED.document, UNSTATED.list));
  });
});
