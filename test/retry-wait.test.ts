import { describe, expect, test } from 'vitest';
import { isUntried, retryWait } from '../src/deliver/retry-wait.ts';
import { ElwatchError } from '../src/errors.ts';
import type { StoredDelivery } from '../src/store/deliveries.ts';

const attempted = (attempts: number, channel: StoredDelivery['channel']) =>
  ({ attempts, channel }) as unknown as StoredDelivery;
const failure = (code: string, retryAfterSeconds: number | null = null) =>
  new ElwatchError(code, 'not now', { retry: true, hint: 'wait', retryAfterSeconds });
const MINUTE_MS = 60_000;

describe('the wait for the next try', () => {
  test('of a mail is longer each time, a day and a half in all, and there is none after the ninth', () => {
    const minutes = [1, 5, 15, 60, 180, 360, 720, 960];
    const waits = minutes.map((_one, at) => retryWait(attempted(at + 1, 'email'), failure('smtp-451')));
    expect(waits).toEqual(minutes.map((one) => one * MINUTE_MS));
    expect(retryWait(attempted(9, 'email'), failure('smtp-451'))).toBeNull();
  });

  test('of a webhook and a chat is in milliseconds, and there is none after the tenth', () => {
    for (const channel of ['webhook', 'slack', 'teams'] as const) {
      const first = retryWait(attempted(1, channel), failure('webhook-503'));
      expect(first).toBeGreaterThanOrEqual(4_500);
      expect(first).toBeLessThanOrEqual(5_500);
      expect(retryWait(attempted(10, channel), failure('webhook-503'))).toBeNull();
    }
  });

  test('of a webhook is as long as its target asks for, whatever kind of error that was', () => {
    expect(retryWait(attempted(1, 'webhook'), failure('webhook-429', 600))).toBe(600_000);
    expect(retryWait(attempted(1, 'webhook'), new Error('a fault of ours'))).toBeLessThanOrEqual(5_500);
  });

  test('of what was not tried is that of who keeps us from it, else a minute, at any attempt', () => {
    for (const channel of ['email', 'webhook'] as const)
      for (const attempts of [1, 99]) {
        expect(retryWait(attempted(attempts, channel), failure('mail-domain-waits', 90))).toBe(90_000);
        expect(retryWait(attempted(attempts, channel), failure('sealed-unreadable'))).toBe(MINUTE_MS);
      }
  });
});

test('nothing was tried where a domain asked for a pause or our key opens no target, and nowhere else', () => {
  expect(isUntried(failure('mail-domain-waits'))).toBe(true);
  expect(isUntried(failure('sealed-unreadable'))).toBe(true);
  expect(isUntried(failure('webhook-503'))).toBe(false);
  expect(isUntried(Object.assign(new Error('x'), { code: 'mail-domain-waits' }))).toBe(false);
});
