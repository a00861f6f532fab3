import { expect, test } from 'vitest';
import { judgeMailRefusal, readMailStatus } from '../src/mail-status.ts';

const judge = (reply: number | null, words: string, atRecipient: boolean | null = true) =>
  judgeMailRefusal({ reply, status: readMailStatus(words), words, atRecipient });

test.each([
  ['550 5.1.1 <ana@example.org>: User unknown', '5.1.1'],
  ['550-5.1.1 The email account that you tried to reach does not exist', '5.1.1'],
  ['smtp; 550 5.7.1 Rejected', '5.7.1'],
  ['550 no such user', null],
  ['550 host 10.5.1.1 refused', null],
  ['550 version 25.1.10 refused', null],
])('the enhanced status of %j is %s', (words, status) => {
  expect(readMailStatus(words)).toBe(status);
});

test.each([
  ['550 5.1.1 User unknown'],
  ['550 5.1.2 Bad destination system'],
  ['553 5.1.3 Bad address syntax'],
  ['550 5.1.6 Mailbox has moved'],
  ['556 5.1.10 Recipient address has null MX'],
  ['550 5.0.0 <ana@example.org> no such user'],
  ['550 No such user here'],
  ['551 User not local'],
  ['553 Requested action not taken'],
])('%s at the recipient: there is no such mailbox', (words) => {
  expect(judge(Number(words.slice(0, 3)), words)).toBe('no-mailbox');
});

test.each([
  ['550 5.7.1 Message rejected as spam'],
  ['550 5.2.1 Mailbox disabled'],
  ['552 5.2.2 Mailbox full'],
  ['554 5.7.1 Service unavailable; client host blocked'],
  ['550 5.4.1 Recipient address rejected: access denied'],
  ['554 Transaction failed'],
  // No better code, and plainly about us: a relay that forgets us must not end every subscription.
  ['550 relaying denied'],
  ['550 Blocked by our block list'],
  ['550 SPF check failed'],
  ['550 sender verify failed'],
  ['550 quota exceeded'],
])('%s at the recipient: this message is refused', (words) => {
  expect(judge(Number(words.slice(0, 3)), words)).toBe('refused');
});

test('550 after the content was seen speaks of the content', () => {
  expect(judge(550, '550 we do not want this', false)).toBe('refused');
  expect(judge(550, '550 5.1.1 no such user', false)).toBe('no-mailbox');
});

test('where it is not known when it was said, the words must name an address', () => {
  expect(judge(550, '550 unknown user', null)).toBe('no-mailbox');
  expect(judge(550, '550 not taken', null)).toBe('refused');
});

test.each([[421], [450], [451], [452]])('%i asks to try later, whatever stands behind it', (reply) => {
  expect(judge(reply, `${reply} 5.1.1 odd`)).toBe('later');
});
