import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { lastBoundary } from '../../src/digest/boundary.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What depends on a clock, as a process of its own says it that runs in this time zone. */
async function askIn(TZ: string): Promise<Record<string, unknown>> {
  const script = `
    import { readFileSync } from 'node:fs';
    import { addDays, easternDay, endOfDay } from './src/days.ts';
    import { lastBoundary } from './src/digest/boundary.ts';
    import { readHead } from './src/parse/head.ts';
    import { readRule } from './src/parse/rule.ts';
    import { admitXml } from './src/parse/xml.ts';
    const at = (time, now) => lastBoundary({ mode: 'daily', at: time, timeZone: 'America/New_York' }, now);
    const head = readHead(JSON.parse(readFileSync('fixtures/rules/2025-05427/source.json', 'utf8')));
    const { document, amendments } = readRule(admitXml(readFileSync('fixtures/rules/2025-05427/source.xml')), head);
    process.stdout.write(JSON.stringify({
      offset: new Date('2028-02-29T12:00:00Z').getTimezoneOffset(),
      leftOut: at('02:30', '2026-03-08T12:00:00Z'),
      repeated: at('01:30', '2026-11-01T12:00:00Z'),
      leapDay: [addDays('2028-02-28', 1), addDays('2027-02-28', 1), easternDay('2028-02-29T23:00:00Z')],
      yearEnd: [addDays('2026-12-31', 1), easternDay('2027-01-01T04:59:59Z'), endOfDay('2026-12-31')],
      rule: [document.publishedOn, document.effectiveOn, amendments.flatMap(({ citations }) => citations ?? [])],
    }));`;
  const { stdout } = await promisify(execFile)(
    process.execPath,
    ['--import', 'tsx', '--input-type=module', '--eval', script],
    { cwd: root, env: { PATH: process.env.PATH ?? '', TZ } },
  );
  return JSON.parse(stdout);
}

describe('the clock of the host', () => {
  test('moves no day and no schedule, wherever it stands', async () => {
    const { offset, ...washington } = await askIn('America/New_York');
    expect(offset).toBe(300);
    expect(washington).toMatchObject({
      leftOut: '2026-03-08T07:30:00.000Z',
      repeated: '2026-11-01T05:30:00.000Z',
      leapDay: ['2028-02-29', '2027-03-01', '2028-02-29'],
      yearEnd: ['2027-01-01', '2026-12-31', '2027-01-01T04:59:59.999Z'],
    });
    for (const [zone, expected] of [
      ['Asia/Shanghai', -480],
      ['Pacific/Kiritimati', -840],
    ] as const)
      expect(await askIn(zone)).toEqual({ offset: expected, ...washington });
  });
});

describe.each([
  ['a quarter past two, which summer time leaves out', '02:15'],
  ['half past one, which comes twice in autumn', '01:30'],
  ['midnight', '00:00'],
])('a schedule in Washington at %s', (_what, at) => {
  test('comes once on each day of two years, the leap day too', () => {
    const schedule = { mode: 'daily', at, timeZone: 'America/New_York' } as const;
    const due = new Set<string>();
    const [from, to] = [Date.UTC(2027, 0, 1, 12), Date.UTC(2029, 0, 1, 12)];
    for (let now = from; now < to; now += 30 * 60_000)
      due.add(lastBoundary(schedule, new Date(now).toISOString()));
    const days = [...due].map((one) =>
      new Intl.DateTimeFormat('en-CA', { timeZone: 'America/New_York' }).format(new Date(one)),
    );
    expect(days).toHaveLength(732);
    expect(new Set(days).size).toBe(732);
    expect(days).toContain('2028-02-29');
  });
});
