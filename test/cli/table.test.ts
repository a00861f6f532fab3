import Table from 'cli-table3';
import fc from 'fast-check';
import pc from 'picocolors';
import { expect, test } from 'vitest';
import { table } from '../../src/cli/output.ts';

const cell = fc.oneof(
  fc.string({ maxLength: 12 }),
  fc.constantFrom('浪潮', 'a\nb', '', 'Ü', '👩‍🔬'),
  fc.integer(),
  fc.constant(null),
);

test('a table of many rows is drawn in pieces, and is the one that is drawn in one piece', () => {
  const rows = fc.array(fc.tuple(cell, cell), { minLength: 1, maxLength: 350, size: 'max' });
  fc.assert(
    fc.property(rows, (drawn) => {
      const whole = new Table({
        head: [pc.bold('name'), pc.bold('号')],
        style: { head: [], border: [], compact: true },
      });
      const clean = (value: string | number | null) => String(value ?? '').replace(/(?!\n)\p{Cc}/gu, '');
      whole.push(...drawn.map((row) => row.map(clean)));
      expect(table(['name', '号'], drawn)).toBe(whole.toString());
    }),
    { numRuns: 30 },
  );
});

test('a table of many rows is as wide as its widest cell, not as the one with the most signs', () => {
  const rows = [['👩‍🔬'.repeat(3)], ...Array.from({ length: 200 }, () => ['twelve signs'])];
  expect(table(['name'], rows)).toContain('│ twelve signs │');
});

test('a table says that it has no rows, and cuts what is too long', () => {
  expect(table(['name'], [])).toContain('(none)');
  expect(table(['name'], [['x'.repeat(100)]], 10)).toContain(`${'x'.repeat(9)}…`);
  expect(table(['name'], [['x'.repeat(100)]], 10)).not.toContain('x'.repeat(10));
});
