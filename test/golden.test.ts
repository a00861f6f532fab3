import { existsSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { indexEntries } from '../src/list/resolve.ts';
import { verifyRule } from '../src/list/verify.ts';
import { readRule } from '../src/parse/rule.ts';
import { admitXml } from '../src/parse/xml.ts';
import { cpuMs } from './helpers/cpu-ms.ts';
import { fixturePath, RULE_NUMBERS, readFixture, readFixtureRule, summarise } from './helpers/fixtures.ts';

describe('every rule of fixtures/rules', () => {
  it('has a folder for each form that rules use', () => {
    expect(RULE_NUMBERS.length).toBeGreaterThanOrEqual(12);
  });

  it.each(RULE_NUMBERS)('%s reads as its expected.json says', (number) => {
    const found = JSON.parse(JSON.stringify(summarise(readFixtureRule(number)))) as unknown;
    const path = `rules/${number}/expected.json`;
    if (process.env.UPDATE_FIXTURES === '1')
      writeFileSync(fixturePath(path), `${JSON.stringify(found, null, 1)}\n`);
    expect(found).toEqual(JSON.parse(readFixture(path).toString()));
    expect(existsSync(fixturePath(`rules/${number}/why.md`))).toBe(true);
  });
});

interface Broken {
  how: 'refused' | 'issue' | 'check' | 'target';
  code: string;
  what: string;
}

describe('every text of fixtures/broken is held or refused', () => {
  const expected = JSON.parse(readFixture('broken/expected.json').toString()) as Record<string, Broken>;
  const cases = Object.entries(expected).map(([file, broken]) => ({ file, ...broken }));

  it.each(cases)('$what: $code ($file)', ({ file, how, code }) => {
    const bytes = readFixture(`broken/${file}`);
    if (how === 'refused') {
      expect(() => admitXml(bytes)).toThrow(expect.objectContaining({ code }));
      return;
    }
    const rule = readRule(admitXml(bytes), null);
    const { verdict, checks } = verifyRule(rule, how === 'target' ? indexEntries([]) : null);
    expect(verdict).toBe('held');
    if (how === 'issue')
      expect(rule.issues.filter((issue) => issue.holds).map((issue) => issue.code)).toContain(code);
    else
      expect(
        checks
          .filter((check) => check.status === 'fail')
          .map((check) => (how === 'check' ? check.name : check.message.split(':')[0])),
      ).toContain(code);
  });
});

describe('a body that is too much', () => {
  it('is refused before it is read where it has 100 MB', () => {
    const bytes = new Uint8Array(100_000_000);
    const ms = cpuMs(() =>
      expect(() => admitXml(bytes)).toThrow(expect.objectContaining({ code: 'body-too-large' })),
    );
    expect(ms).toBeLessThan(200);
  });

  it('is refused without a crash where it nests 200,000 deep', () => {
    const bytes = Buffer.from(`<RULE>${'<E>'.repeat(200_000)}${'</E>'.repeat(200_000)}</RULE>`);
    const ms = cpuMs(() =>
      expect(() => admitXml(bytes)).toThrow(expect.objectContaining({ code: 'too-deep' })),
    );
    expect(ms).toBeLessThan(200);
  });
});

describe('a download that was cut', () => {
  it('is refused at every kilobyte, so that no rule is read with fewer entries', () => {
    const whole = readFixture('rules/2025-05427/source.xml');
    for (let end = 1024; end < whole.length; end += 1024)
      expect(() => admitXml(whole.subarray(0, end)), `cut at ${end}`).toThrow(
        expect.objectContaining({ name: 'ElwatchError', retry: true }),
      );
  });
});
