import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { assertWebhookSecret, isWebhookSecret, makeWebhookSecret } from '../../src/channel/webhook-secret.ts';

const of = (bytes: number) => `whsec_${randomBytes(bytes).toString('base64')}`;

test('a new secret is a valid one, and never the same', () => {
  const made = Array.from({ length: 50 }, makeWebhookSecret);
  expect(made.every(isWebhookSecret)).toBe(true);
  expect(new Set(made).size).toBe(50);
});

test('24 to 64 bytes are taken, no more and no fewer', () => {
  expect([23, 24, 64, 65].map((bytes) => isWebhookSecret(of(bytes)))).toEqual([false, true, true, false]);
});

test.each([
  ['no prefix', of(32).slice(6)],
  ['another prefix', of(32).replace('whsec_', 'whpk_')],
  ['base64 for URLs', `whsec_${Buffer.alloc(32, 255).toString('base64url')}`],
  ['no padding', of(32).replace(/=+$/u, '')],
  ['a space', `${of(32)} `],
  ['a line break', `${of(32)}\n`],
  ['nothing', ''],
])('%s is refused without being shown', (_what, text) => {
  expect(isWebhookSecret(text)).toBe(false);
  try {
    assertWebhookSecret(text);
    expect.unreachable();
  } catch (error) {
    expect(error).toMatchObject({ code: 'invalid-webhook-secret', retry: false });
    if (text.trim() !== '') expect(String(error)).not.toContain(text.slice(-20));
  }
});
