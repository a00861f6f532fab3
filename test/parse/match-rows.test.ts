import { describe, expect, it } from 'vitest';
import { findDestination } from '../../src/parse/destinations.ts';
import type { Order } from '../../src/parse/instruction.ts';
import { matchRows } from '../../src/parse/match-rows.ts';
import type { EntryRow } from '../../src/parse/rows.ts';

const china = findDestination('China')!;
const text = (line: string) => ({ lines: [line], footnotes: [] });
const row = (line: string, index: number): EntryRow => ({
  destination: china,
  lines: line.split('\n'),
  requirement: text('For all items'),
  policy: text('Presumption of denial'),
  citation: text('90 FR 1, 1/2/25.'),
  footnotes: [],
  index,
  page: null,
});

function match(names: string[], rows: string[], more: Partial<Order> = {}) {
  const order = {
    list: 'entity-list',
    action: 'add',
    destination: china,
    names,
    count: null,
    instruction: '2.a',
    ...more,
  } as Order;
  const found = matchRows(
    [order],
    [
      {
        list: 'entity-list',
        rows: rows.map((line, at) => row(line, at + 1)),
        placeholder: { volume: 90, page: 1, on: '2025-01-02' } as never,
      },
    ],
  );
  return {
    names: found.amendments.map(({ name, addresses }) => [name, ...addresses].join(' @ ')),
    codes: found.issues.filter(({ holds }) => holds).map(({ code }) => code),
  };
}

describe('rows and the names that instructions quote', () => {
  it.each([
    ['Huawei Technologies', 'Huawei Technologies (Hong Kong) Co., Ltd., 1 Road.'],
    ['Acme', 'Acme, Inc. (Acme LLC), 1 Road.'],
    ['Acme LLC', 'Acme LLC (Acme), 1 Road.'],
    ['Acme Co', 'Acme Co., Ltd., 1 Road.'],
    ['Academy of Nets', 'Academy of Nets, Institute of Knots, 1 Road.'],
  ])('“%s” does not take the row of %s', (name, line) => {
    expect(match([name], [line])).toEqual({ names: [], codes: ['row-missing', 'row-unclaimed'] });
  });

  it.each([
    'Acme LLC, 1 Road.',
    'Acme LLC. 1 Road.',
    'Acme LLC',
    'Acme LLC (a.k.a., Acme Labs), 1 Road.',
    'Acme LLC, a.k.a., the following one alias:\n—B.\n1 Road.',
    'Acme LLC (See alternate address under Iran).',
  ])('“Acme LLC” takes the row of %s', (line) => {
    const { names, codes } = match(['Acme LLC'], [line]);
    expect(codes).toEqual([]);
    expect(names[0]).toMatch(/^Acme LLC(?: @ 1 Road)?$/u);
  });

  it('gives longer names their rows first', () => {
    const { names, codes } = match(
      ['Acme LLC', 'Acme LLC, Shanghai'],
      ['Acme LLC, 1 Road.', 'Acme LLC, Shanghai, 2 Road.'],
    );
    expect(codes).toEqual([]);
    expect(names).toEqual(['Acme LLC @ 1 Road', 'Acme LLC, Shanghai @ 2 Road']);
  });

  it('takes as many rows of one name as the instruction counts', () => {
    const rows = ['Acme LLC, 1 Road.', 'Acme LLC, 2 Road.'];
    expect(match(['Acme LLC'], rows, { count: 2 })).toEqual({
      names: ['Acme LLC @ 1 Road', 'Acme LLC @ 2 Road'],
      codes: [],
    });
    expect(match(['Acme LLC'], rows).codes).toContain('ambiguous-row');
    expect(match(['Acme LLC', 'Acme LLC'], rows).codes).toEqual([]);
    expect(match(['Acme LLC', 'Acme LLC'], rows.slice(1)).codes).toEqual(['row-missing']);
  });

  it('takes the name before its a.k.a., for removals too', () => {
    expect(match(['Factory 5, a.k.a., Plant 5.'], ['Factory 5 (a.k.a., Plant 5), 1 Road.']).names).toEqual([
      'Factory 5 @ 1 Road',
    ]);
    expect(match(['Factory 5, a.k.a., Plant 5.'], [], { action: 'remove' }).names).toEqual(['Factory 5']);
  });
});
