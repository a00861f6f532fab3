import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ReceivedMail } from '../../src/model.ts';
import { createBounceMailbox, MOST_MAILS } from '../../src/source/bounce-mailbox.ts';
import { type ImapStandIn, startImap } from '../helpers/imap-stand-in.ts';
import { MESSAGE_ID, NO_SUCH_USER, VERP, writeBounce, writeComplaint } from '../helpers/sample-bounces.ts';

let imap: ImapStandIn;
const state: { refuseFetch?: boolean } = {};
const sample = Object.values(NO_SUCH_USER)[0]!;

beforeEach(async () => {
  state.refuseFetch = false;
  imap = await startImap(state);
});
afterEach(() => imap.close());

const open = (url = imap.url) => createBounceMailbox({ url, address: null, timeoutSeconds: 5 });

async function readAll(): Promise<(ReceivedMail | null)[]> {
  const mails: (ReceivedMail | null)[] = [];
  await open().readUnseen(async (mail) => void mails.push(mail));
  return mails;
}

describe('a mailbox for bounces', () => {
  test('hands over each mail once, taken apart, and marks it as seen', async () => {
    imap.add(writeBounce(sample));
    imap.add('Subject: hello\r\n\r\nA letter.\r\n');
    const [report, letter] = await readAll();
    expect(report?.contentType).toEqual({ type: 'multipart/report', reportType: 'delivery-status' });
    expect(report?.headers).toContainEqual(['to', VERP]);
    expect(report?.parts.map(({ type }) => type)).toEqual(['message/delivery-status', 'message/rfc822']);
    expect(report?.parts[0]?.text).toContain('Final-Recipient: rfc822; ana@example.net');
    expect(letter?.contentType.type).toBe('text/plain');
    expect(imap.mails.map(({ seen }) => seen)).toEqual([true, true]);
    expect(await readAll()).toEqual([]);
  });

  test('keeps a message that comes back as one part, also where it is to be shown inline', async () => {
    imap.add(writeComplaint());
    const [complaint] = await readAll();
    expect(complaint?.contentType.reportType).toBe('feedback-report');
    expect(complaint?.parts.map(({ type }) => type)).toEqual(['message/feedback-report', 'message/rfc822']);
    expect(complaint?.parts[1]?.text).toContain(MESSAGE_ID);
  });

  test('leaves unseen what was not dealt with', async () => {
    imap.add(writeBounce(sample));
    imap.add(writeBounce(sample));
    const visits: number[] = [];
    await expect(
      open().readUnseen(async () => {
        visits.push(visits.length);
        if (visits.length === 2) throw new Error('the store is down');
      }),
    ).rejects.toThrow('the store is down');
    expect(imap.mails.map(({ seen }) => seen)).toEqual([true, false]);
  });

  test('reads no more than the beginning of a huge mail', async () => {
    imap.add(`${writeBounce(sample)}${'x'.repeat(3_000_000)}`);
    const [report] = await readAll();
    expect(report?.parts[0]?.text).toContain('Status: 5.1.1');
    expect(imap.commands.filter((command) => command.startsWith('UID FETCH')).join()).toMatch(/<0\.262144>/u);
  });

  test('takes a bounded number at a time and goes on with the next', async () => {
    for (let one = 0; one < MOST_MAILS + 3; one += 1) imap.add('Subject: hello\r\n\r\nA letter.\r\n');
    expect(await readAll()).toHaveLength(MOST_MAILS);
    expect(await readAll()).toHaveLength(3);
  });

  test('passes over a mail that somebody took away meanwhile', async () => {
    imap.add(writeBounce(sample));
    state.refuseFetch = true;
    expect(await readAll()).toEqual([]);
  });

  test('takes mails of any bytes', async () => {
    imap.add('');
    imap.add('\0\xff\xfe: \r\n\r\n');
    imap.add(`Content-Type: multipart/report; boundary=a\r\n\r\n${'--a\r\n'.repeat(20_000)}`);
    imap.add(`Content-Type: multipart/mixed; boundary="\r\n\r\n--"\r\n${'('.repeat(50_000)}`);
    expect(await readAll()).toHaveLength(4);
    expect(imap.mails.every(({ seen }) => seen)).toBe(true);
  });

  test('counts what is unseen and changes nothing', async () => {
    imap.add('Subject: hello\r\n\r\nA letter.\r\n');
    expect(await open().countUnseen()).toBe(1);
    expect(imap.mails[0]?.seen).toBe(false);
    expect(imap.commands.some((command) => command.startsWith('EXAMINE'))).toBe(true);
  });
});

describe('a mailbox that cannot be read', () => {
  test('because of its password is said without it', async () => {
    const error = await open(imap.url.replace('word', 'sesame'))
      .countUnseen()
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'bounce-mailbox-login', retry: true });
    expect(`${(error as Error).message} ${(error as { hint: string }).hint}`).not.toMatch(/sesame/u);
  });

  test('because it is not there is tried again', async () => {
    await expect(open('imap://a:b@127.0.0.1:9/INBOX').countUnseen()).rejects.toMatchObject({
      code: 'bounce-mailbox-unreachable',
      retry: true,
    });
  });

  test('but in clear text over a wire is not read at all', async () => {
    // The stand-in listens on this machine only, and offers no STARTTLS.
    const elsewhere = imap.url.replace('127.0.0.1', '0.0.0.0');
    await expect(open(elsewhere).countUnseen()).rejects.toMatchObject({ code: 'bounce-mailbox-unreachable' });
    expect(imap.commands).not.toContain('LOGIN');
  });
});
