import { describe, expect, it } from 'vitest';
import { createCorrectionReader } from '../../src/parse/correction.ts';
import { readFiling } from '../../src/parse/filing.ts';
import { createInstructionReader } from '../../src/parse/instruction.ts';

const S4 = '2. Supplement No. 4 to part 744 is amended';

function read(...paragraphs: string[]) {
  const reader = createInstructionReader();
  for (const paragraph of paragraphs) reader.read(paragraph, '744');
  reader.finish();
  return {
    orders: reader.orders.map(({ action, names, alter }) => ({ action, names, ...(alter && { alter }) })),
    held: reader.issues.some((issue) => issue.holds),
  };
}

/** As a paragraph of a correction that hands its words on. */
function readCorrected(text: string) {
  const reader = createCorrectionReader('entity-list');
  reader.read('In rule document 2031-00001, on page 100, make the following corrections:', 900);
  const found = reader.read(text, 900);
  return found.kind === 'instruction' ? read(found.text) : { orders: reader.amendments, held: true };
}

const removesAlias = (entry: string, alias: string) => ({
  action: 'alter',
  names: [entry],
  alter: { aliases: { add: [], remove: [alias] } },
});

describe('a name quoted within an entry', () => {
  it.each([
    'under CHINA, in the entry for “Alpha Co., Ltd.”, by removing “A Tech”.',
    'by removing “A Tech” from the entry for “Alpha Co., Ltd.” under CHINA.',
    'under CHINA, by removing “A Tech” in the entry for “Alpha Co., Ltd.”.',
    'under CHINA, by revising the entry for “Alpha Co., Ltd.” by removing “A Tech”.',
  ])('goes from the aliases of that entry, and the entry stays: %s', (text) => {
    expect(read(`${S4} ${text}`)).toEqual({
      orders: [removesAlias('Alpha Co., Ltd.', 'A Tech')],
      held: false,
    });
  });

  it('goes from its aliases also before another order, below a lead-in and in a correction', () => {
    const alias = removesAlias('Alpha Co.', 'A Tech');
    const both = 'in the entry for “Alpha Co.”, by removing “A Tech”, and by revising the entry for “Beta”.';
    expect(read(`${S4} under CHINA, ${both}`)).toEqual({
      orders: [alias, { action: 'revise', names: ['Beta'] }],
      held: false,
    });
    expect(read(`${S4}:`, 'a. Under CHINA, in the entry for “Alpha Co.”:', 'i. Remove “A Tech”.')).toEqual({
      orders: [alias],
      held: false,
    });
    expect(
      readCorrected('1. On page 103, under CHINA, in the entry for “Alpha Co.”, remove “A Tech”.'),
    ).toEqual({ orders: [alias], held: false });
  });

  it.each([
    'in the entry for “Beta Ltd.”, “Alpha” is removed.',
    'in the entry for “Beta Ltd.”: “Alpha” is removed.',
    'within the entries for “Beta Ltd.” and “Beta Two”, “Alpha” is removed.',
    'in the entry for “Beta Ltd.”, by adding “Alpha”.',
    'in the entry for “Beta Ltd.”, by removing “Alpha” and adding “Gamma”.',
    'in the entry for “Beta Ltd.”, by revising “Alpha”.',
    'by removing “Alpha” of “Beta Ltd.”.',
    'by removing “Alpha” as an alias of “Beta Ltd.”.',
    'by removing “Alpha”, in “Beta Ltd.”.',
    'by removing “Alpha” under CHINA in the entry for “Beta Ltd.”.',
  ])('is never taken for an entry, nor is the entry removed with it: %s', (text) => {
    const whole = ({ orders, held }: ReturnType<typeof read>) => ({
      held,
      orders: orders.filter(({ action, names }) => action !== 'alter' && names.includes('Beta Ltd.')),
      partly: orders.filter(({ action }) => action === 'add' || action === 'revise'),
    });
    const nothing = { held: true, orders: [], partly: [] };
    expect(whole(read(`${S4} under CHINA, ${text}`))).toEqual(nothing);
    expect(readCorrected(`1. On page 103, under CHINA, ${text}`).held).toBe(true);
  });

  it('is no removal in what a filing announces', () => {
    const filing = (order: string) =>
      readFiling(
        [
          'SUMMARY: In this rule, BIS revises one entry on the Entity List.',
          'Accordingly, part 744 is amended as follows:',
          'PART 744 — CONTROL POLICY',
          `2. Supplement no. 4 to part 744 is amended under CHINA, ${order}`,
        ].join('\n\n'),
        { title: 'Rule', type: 'Rule', filedAt: null },
      ).named.map(({ action, name }) => `${action} ${name}`);
    expect(filing('in the entry for “Alpha Co.”, by removing “A Tech”.')).toEqual(['revise Alpha Co.']);
    expect(filing('in the entry for “Alpha Co.”, “A Tech” is removed.')).toEqual([]);
    expect(filing('by removing “A Tech” as an alias of “Alpha Co.”.')).toEqual([]);
  });

  it.each([
    ['in the entry for “Beta Ltd.”, by revising “Alpha” to read “Gamma”.', 'Alpha', 'Gamma', null],
    ['in the entry for “Beta Ltd.”, by changing “Alpha” to “Gamma”.', 'Alpha', 'Gamma', null],
    ['in the entry for “Beta Ltd.”, by changing the name “Alpha” to “Gamma”.', 'Alpha', 'Gamma', 'name'],
    ['in the entry for “Beta Ltd.”, by correcting “A Tech” to read “A Techs”.', 'A Tech', 'A Techs', null],
    ['in the entry for “Beta Ltd.”, by correcting “A Tech” to “A Techs”.', 'A Tech', 'A Techs', null],
  ])('gives way to another one within it: %s', (text, find, by, field) => {
    expect(read(`${S4} under CHINA, ${text}`)).toEqual({
      orders: [{ action: 'alter', names: ['Beta Ltd.'], alter: { words: [{ find, by, field }] } }],
      held: false,
    });
  });

  it('is the name of the entry where it is the same', () => {
    const orders = [{ action: 'alter', names: ['Beta Ltd.'], alter: { name: 'Gamma' } }];
    for (const text of ['revising “Beta Ltd.” to read “Gamma”', 'renaming “BETA LTD.” as “Gamma”'])
      expect(read(`${S4} under CHINA, in the entry for “Beta Ltd.”, by ${text}.`)).toEqual({
        orders,
        held: false,
      });
  });
});

describe('a destination that may be another one', () => {
  it.each([
    'CONGO',
    'CHINA (TAIWAN)',
    'GUINEA (BISSAU)',
    'RUSSIA (CRIMEA)',
    'UKRAINE (CRIMEA REGION)',
    'KOREA',
  ])('holds an instruction, and gives no order: %s', (place) => {
    for (const text of [`under ${place}, by removing “X”.`, `by removing the entry for “X” under ${place}.`])
      expect(read(`${S4} ${text}`), text).toMatchObject({ held: true });
  });
});
