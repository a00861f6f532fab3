import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createDomainBackoff } from '../../src/channel/domain-backoff.ts';

function open(random = () => 0) {
  const clock = { ms: 1_000_000 };
  return { clock, backoff: createDomainBackoff(() => clock.ms, random) };
}

test('a domain waits one minute, then twice as long each time up to thirty, and others go on', () => {
  const { clock, backoff } = open();
  const waits: number[] = [];
  for (let time = 0; time < 7; time += 1) {
    backoff.defer('slow.example');
    waits.push(backoff.secondsLeft('slow.example'));
    expect(backoff.secondsLeft('quick.example')).toBe(0);
    clock.ms += backoff.secondsLeft('slow.example') * 1000;
    expect(backoff.secondsLeft('slow.example')).toBe(0);
  }
  expect(waits).toEqual([60, 120, 240, 480, 960, 1800, 1800]);
});

test('refusals that come while it waits are one refusal', () => {
  const { backoff } = open();
  for (let time = 0; time < 4; time += 1) backoff.defer('slow.example');
  expect(backoff.secondsLeft('slow.example')).toBe(60);
});

test('a message that is taken ends the wait, as does a long time', () => {
  const { clock, backoff } = open();
  backoff.defer('slow.example');
  backoff.accept('slow.example');
  expect(backoff.secondsLeft('slow.example')).toBe(0);
  backoff.defer('slow.example');
  clock.ms += 60 * 60_000 + 60_001;
  backoff.defer('slow.example');
  expect(backoff.secondsLeft('slow.example')).toBe(60);
});

test('jitter only ever lengthens, by no more than half', () => {
  fc.assert(
    fc.property(fc.double({ min: 0, max: 0.999_999, noNaN: true }), (share) => {
      const { backoff } = open(() => share);
      backoff.defer('slow.example');
      const seconds = backoff.secondsLeft('slow.example');
      expect(seconds).toBeGreaterThanOrEqual(60);
      expect(seconds).toBeLessThanOrEqual(60 * 1.25 * 1.25 + 1);
    }),
  );
});

test('many domains cost a bounded memory, and the newest are kept', () => {
  const { backoff } = open();
  for (let one = 0; one < 12_000; one += 1) backoff.defer(`d${one}.example`);
  expect(backoff.secondsLeft('d0.example')).toBe(0);
  expect(backoff.secondsLeft('d11999.example')).toBe(60);
});
