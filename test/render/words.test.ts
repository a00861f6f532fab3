import { describe, expect, test } from 'vitest';
import type { ChangeSet, StoredChange } from '../../src/model.ts';
import { dateFacts } from '../../src/render/date-facts.ts';
import { subjectOf } from '../../src/render/subject.ts';
import { describeVerification } from '../../src/render/verification.ts';
import { describeChange, describeFootnote } from '../../src/render/words.ts';
import {
  sampleAddition,
  sampleChangeSet,
  sampleChanges,
  sampleEntry,
  sampleHeldSet,
} from '../helpers/sample-changes.ts';

function additions(counts: Record<string, number>): StoredChange[] {
  return Object.entries(counts).flatMap(([code, count]) =>
    Array.from({ length: count }, (_, i) => sampleAddition(i + 1, code, code, sampleEntry(`${code} ${i}`))),
  );
}

function stating(entities: number | null, entries: number | null, byDestination = {}): Partial<ChangeSet> {
  return {
    stated: { 'entity-list': { add: { entities, entries, byDestination }, revise: null, remove: null } },
  };
}

describe('subjectOf', () => {
  test('counts entities per destination, largest first', () => {
    const counts = { IR: 2, CN: 42, ZA: 3, PK: 19, AE: 4 };
    const changeSet = sampleChangeSet(stating(70, null, counts));
    expect(subjectOf(changeSet, additions(counts))).toBe(
      'BIS adds 70 entities to the Entity List: China 42, Pakistan 19, UAE 4, South Africa 3, Iran 2',
    );
  });

  test('says revisions and removals after the additions', () => {
    expect(subjectOf(sampleChangeSet(), sampleChanges())).toBe(
      'BIS adds 6 entities to the Entity List: China 3, Pakistan 2, UAE 1; revises 1; removes 1',
    );
  });

  test('keeps entities and entries apart', () => {
    const counts = { CN: 2, RU: 1 };
    expect(subjectOf(sampleChangeSet(stating(2, 3, counts)), additions(counts))).toMatch(
      /^BIS adds 2 entities under 3 entries to/u,
    );
    expect(subjectOf(sampleChangeSet(stating(2, null)), additions(counts))).toContain(
      '2 entities under 3 entries',
    );
    expect(subjectOf(sampleChangeSet(stating(70, null)), additions(counts))).toMatch(
      /^BIS adds 3 entities to/u,
    );
    expect(subjectOf(sampleChangeSet({ stated: {} }), additions({ CN: 1 }))).toMatch(/^BIS adds 1 entry to/u);
  });

  test('leads with revisions, removals or editorial fixes where there is nothing else', () => {
    const only = (kind: string) => sampleChanges().filter((change) => change.kind === kind);
    expect(subjectOf(sampleChangeSet(), only('revised'))).toBe(
      'BIS revises 1 entry on the Entity List: France 1',
    );
    expect(subjectOf(sampleChangeSet(), only('removed'))).toBe(
      'BIS removes 1 entry from the Entity List: Germany 1',
    );
    const typo = only('revised').map((change) => ({ ...change, kind: 'editorial' as const }));
    expect(subjectOf(sampleChangeSet(), typo)).toBe(
      'BIS makes editorial fixes to 1 entry on the Entity List: France 1',
    );
  });

  test('names every list', () => {
    const other = additions({ RU: 1 }).map((change) => ({ ...change, list: 'unverified-list' as const }));
    expect(subjectOf(sampleChangeSet(stating(1, null)), [...additions({ CN: 1 }), ...other])).toBe(
      'BIS adds 1 entity to the Entity List: China 1; adds 1 entry to the Unverified List: Russia 1',
    );
  });

  test('cuts whole destinations and stays within 150 characters', () => {
    const codes = 'CN RU IR PK AE TR ZA KP SY VE DE FR GB IT ES SG MY TH VN KZ KG UZ AM GE'.split(' ');
    const counts = Object.fromEntries(codes.map((code, i) => [code, 30 - i]));
    const subject = subjectOf(sampleChangeSet({ stated: {} }), additions(counts));
    expect(subject.length).toBeLessThanOrEqual(150);
    expect(subject).toMatch(/China 30, Russia 29.* and \d+ more$/u);
  });

  test('says that a held rule is not confirmed', () => {
    expect(subjectOf(sampleHeldSet(), [])).toBe(
      'BIS rule 2025-05426 states changes to the Entity List that are not confirmed yet: China 3, Pakistan 2, UAE 1',
    );
  });

  test('stays short and clean with hostile destinations', () => {
    const changes = additions({ CN: 1 }).map((one) => ({
      ...one,
      country: null,
      destination: `a\r\nb\u202E${'x'.repeat(999)}`,
    }));
    const subject = subjectOf(sampleChangeSet(), changes);
    expect(subject.length).toBeLessThanOrEqual(150);
    expect(subject).not.toMatch(/[\p{Cc}\p{Cf}]/u);
  });
});

test('describeChange tells each kind plainly', () => {
  const [first] = sampleChanges();
  expect(describeChange(first!)).toBe(
    'Added to the Entity List under China: Beijing Example Institute (2 aliases).',
  );
  const byKind = Object.fromEntries(sampleChanges().map((change) => [change.kind, describeChange(change)]));
  expect(byKind.removed).toContain('is no longer on the list');
  expect(byKind.revised).toBe(
    'Revised on the Entity List under France: Aerotechnic France (aliases: 1 added, 1 removed; addresses: 1 added; license review policy changed).',
  );
});

test('describeFootnote explains the known ones and no other', () => {
  expect(describeFootnote('entity-list', 4)).toContain('§ 734.9(e)(2)');
  expect(describeFootnote('entity-list', 9)).toBe('Footnote 9');
  expect(describeFootnote('unverified-list', 4)).toBe('Footnote 4');
});

test('describeVerification: verified, unverified, held', () => {
  expect(describeVerification(sampleChangeSet())).toBe(
    '6 of 6 stated additions found; 1 of 1 stated revisions found.',
  );
  expect(describeVerification(sampleChangeSet({ checks: [] }))).toBe(
    'The document states no counts, so nothing could be checked.',
  );
  expect(describeVerification(sampleHeldSet())).toMatch(
    /^Not confirmed\. The rule states 6 .* Unknown verb "transferring"\.$/u,
  );
});

describe('dateFacts', () => {
  test('sets the effective day beside publication', () => {
    expect(dateFacts(sampleChangeSet()).effective).toBe(
      'Effective March 25, 2025, three days before publication on March 28, 2025.',
    );
    expect(dateFacts(sampleChangeSet({ effectiveOn: '2025-03-28' })).effective).toContain(
      'the day of publication',
    );
    expect(dateFacts(sampleChangeSet({ effectiveOn: '2025-03-29' })).effective).toContain('one day after');
    expect(dateFacts(sampleChangeSet({ document: null })).effective).toContain('not published yet');
    const baseline = sampleChangeSet({ document: null, cause: 'baseline', effectiveOn: '2025-03-24' });
    expect(dateFacts(baseline).effective).toBe('The list as it stood on March 24, 2025.');
  });

  test('shows instants in Washington, in summer and in winter', () => {
    expect(dateFacts(sampleChangeSet()).known).toBe('Known to us at 2025-03-28 08:45 EDT.');
    expect(dateFacts(sampleChangeSet({ knownAt: '2025-01-01T05:00:00Z' })).known).toBe(
      'Known to us at 2025-01-01 00:00 EST.',
    );
  });
});
