import { describe, expect, it } from 'vitest';
import { isTitledSuspension, type Passage, readSuspensions } from '../../src/parse/suspension.ts';

const OURS = { effectiveOn: '2025-11-10', ours: true };

function passage(text: string, source: Passage['source'] = 'order'): Passage {
  return { text, source, instruction: '2', page: 100 };
}

function read(...passages: (string | Passage)[]) {
  const given = passages.map((one) => (typeof one === 'string' ? passage(one) : one));
  const { suspensions, issues } = readSuspensions(given, OURS);
  return {
    found: suspensions.map(({ locator: _locator, ...said }) => said),
    codes: issues.map(({ code, holds }) => `${code}${holds ? '' : ' (noted)'}`),
  };
}

const rule = (citation: string | null, number: string | null = null) => ({ citation, number });

describe('an order that puts off an earlier rule', () => {
  // The facts of 2025-19846 (sources, §4.1).
  it('stays it from a day up to and including another', () => {
    expect(
      read(
        'Effective November 10, 2025, the amendments to 15 CFR parts 732, 734, 736, 744, and 748 in the interim final rule published at 90 FR 47201, on September 30, 2025, are stayed until November 9, 2026.',
      ),
    ).toEqual({
      found: [{ kind: 'stay', rule: rule('90 FR 47201'), from: '2025-11-10', until: '2026-11-09' }],
      codes: [],
    });
  });

  it.each([
    [
      'The effective date of the final rule published at 89 FR 55033 is delayed until March 1, 2026.',
      { kind: 'delay', rule: rule('89 FR 55033'), from: null, until: '2026-03-01' },
    ],
    [
      'The effective date of the rule published at 81 FR 12345 is delayed from April 15, 2016 to May 16, 2016.',
      { kind: 'delay', rule: rule('81 FR 12345'), from: null, until: '2016-05-16' },
    ],
    [
      'The amendments in FR Doc. 2025-19001 (90 FR 47201) are stayed indefinitely.',
      { kind: 'stay', rule: rule('90 FR 47201', '2025-19001'), from: null, until: null },
    ],
    [
      'The amendments in the rule published at 90 FR 47201 are stayed pending review.',
      { kind: 'stay', rule: rule('90 FR 47201'), from: null, until: null },
    ],
    [
      'The stay of the rule published at 90 FR 47201 is extended until November 9, 2027.',
      { kind: 'stay', rule: rule('90 FR 47201'), from: null, until: '2027-11-09' },
    ],
    [
      'Effective March 1, 2026, the stay of the rule published at 90 FR 47201 is lifted.',
      { kind: 'stay', rule: rule('90 FR 47201'), from: '2026-03-01', until: '2026-02-28', lifted: true },
    ],
    [
      'Amendatory instructions 3 and 4.a of the rule published at 90 FR 47201 are stayed until November 9, 2026.',
      {
        kind: 'stay',
        rule: rule('90 FR 47201'),
        from: null,
        until: '2026-11-09',
        instructions: ['3', '4.a'],
      },
    ],
  ])('%s', (text, wanted) => {
    expect(read(text)).toEqual({ found: [wanted], codes: [] });
  });

  it.each([
    'The amendments in the earlier rule are stayed until November 9, 2026.',
    'The amendments in the rule published at 90 FR 47201 are stayed.',
    'The entry for “Acme LLC” in the rule published at 90 FR 47201 is stayed until November 9, 2026.',
    'The effective date of the rule published at 90 FR 47201 is stayed until November 9, 2026.',
    'The amendments in the rule published at 90 FR 47201 are stayed until February 30, 2026.',
    'Effective November 10, 2026, the amendments in the rule published at 90 FR 47201 are stayed until November 9, 2026.',
    'The rule published at 90 FR 47201 or at 90 FR 50000 is stayed until November 9, 2026.',
  ])('is held where it leaves open what, which or until when: %s', (text) => {
    expect(read(text)).toEqual({ found: [], codes: [expect.stringMatching(/^suspension-unclear$/u)] });
  });

  it.each([
    'Effective January 6, 2031, the final rule published at 95 FR 100 is withdrawn.',
    'The rule published at 95 FR 100 is hereby rescinded.',
    'The amendments in the final rule published at 95 FR 100 are vacated by order of the court.',
    'The final rule published at 95 FR 100 will not take effect.',
    'This document withdraws the final rule published at 95 FR 100.',
  ])('that undoes a rule is left to a person: %s', (text) => {
    expect(read(text)).toEqual({ found: [], codes: ['suspension-unclear'] });
  });

  it.each([
    'The deadline for comments on the interim final rule published at 95 FR 100 is postponed until March 1, 2031.',
    'The compliance date for the final rule published at 95 FR 100 is delayed until March 1, 2031.',
    'The proposed rule published at 95 FR 100 is withdrawn.',
  ])('is none where no rule is put off: %s', (text) => {
    expect(read(text)).toEqual({ found: [], codes: [] });
  });

  it('for other parts of the Code only is noted and left out', () => {
    expect(
      read(
        'The amendments to 15 CFR parts 734 and 736 in the rule published at 90 FR 47201 are stayed until November 9, 2026.',
      ),
    ).toEqual({ found: [], codes: ['suspension-elsewhere (noted)'] });
  });

  it('is read once, though DATES and the SUMMARY say it again', () => {
    const again = 'The amendments in the rule published at 90 FR 47201 are stayed until November 9, 2026.';
    expect(read(again, passage(again, 'dates'), passage(again, 'summary'))).toMatchObject({
      found: [{ until: '2026-11-09' }],
      codes: [],
    });
  });

  it('is held where DATES says another day', () => {
    expect(
      read(
        'The amendments in the rule published at 90 FR 47201 are stayed until November 9, 2026.',
        passage(
          'The amendments in the rule published at 90 FR 47201 are stayed until November 9, 2027.',
          'dates',
        ),
      ).codes,
    ).toEqual(['suspension-unclear']);
  });

  it.each([
    'This rule continues to apply until November 9, 2026.',
    'The amendments were stayed until November 9, 2025, by the rule published at 90 FR 47201.',
    'Shipments may proceed until the rule published at 90 FR 47201 is effective.',
  ])('is not seen in: %s', (text) => {
    expect(read(text)).toEqual({ found: [], codes: [] });
  });

  it('of another agency about other parts is none of ours', () => {
    const text =
      'The amendments to 40 CFR part 52 in the rule published at 90 FR 1 are stayed until May 1, 2026.';
    const { suspensions, issues } = readSuspensions([passage(text)], { effectiveOn: null, ours: false });
    expect([suspensions, issues]).toEqual([[], []]);
  });

  it('is told by some titles', () => {
    expect(isTitledSuspension('Additions to the Entity List; Delay of Effective Date')).toBe(true);
    expect(isTitledSuspension('Additions to the Entity List; Withdrawal')).toBe(true);
    expect(isTitledSuspension('One-Year Suspension of Expansion of End-User Controls')).toBe(false);
    expect(isTitledSuspension('Additions to the Entity List')).toBe(false);
  });
});
