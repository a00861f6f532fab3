import fc from 'fast-check';
import { type SimpleParserOptions, simpleParser } from 'mailparser';
import { describe, expect, test } from 'vitest';
import type { ReceivedMail } from '../../src/model.ts';
import { parseBounce } from '../../src/parse/bounce.ts';
import {
  BOUNCE_ADDRESS,
  DELIVERY_ID,
  MESSAGE_ID,
  NO_SUCH_USER,
  VERP,
  writeBounce,
  writeComplaint,
} from '../helpers/sample-bounces.ts';

/** Takes a mail apart as the source does, but for its bounds. */
async function takeApart(raw: string): Promise<ReceivedMail> {
  const mail = await simpleParser(Buffer.from(raw, 'latin1'), {
    keepDeliveryStatus: true,
    ignoreEmbedded: true,
  } as SimpleParserOptions);
  const declared = mail.headers.get('content-type') as
    | { value: string; params: Record<string, string> }
    | undefined;
  return {
    headers: mail.headerLines.map(({ key, line }) => [key, line.slice(line.indexOf(':') + 1).trim()]),
    contentType: {
      type: declared?.value ?? 'text/plain',
      reportType: declared?.params['report-type'] ?? null,
    },
    parts: mail.attachments.map(({ contentType, content }) => ({
      type: contentType,
      text: content.toString(),
    })),
  };
}

const read = async (raw: string) => parseBounce(await takeApart(raw), BOUNCE_ADDRESS);
const recipientOf = async (...fields: string[]) => {
  const reading = await read(
    writeBounce({ to: VERP, recipients: [['Final-Recipient: rfc822; ana@example.net', ...fields]] }),
  );
  return reading.kind === 'bounce' ? reading.recipients[0] : null;
};

describe('a report on mail that did not arrive', () => {
  test.each(Object.entries(NO_SUCH_USER))('by %s says that there is no mailbox', async (_server, sample) => {
    const reading = await read(writeBounce(sample));
    expect(reading).toMatchObject({
      kind: 'bounce',
      deliveryId: DELIVERY_ID,
      messageId: sample.messageId === null ? null : MESSAGE_ID,
      recipients: [{ refusal: 'no-mailbox' }],
    });
    expect(reading).toHaveProperty('recipients.0.addresses.0', 'ana@example.net');
  });

  test('shows the words of the other server on one line', async () => {
    const reading = await read(writeBounce(Object.values(NO_SUCH_USER)[0]!));
    expect(reading).toHaveProperty(
      'recipients.0.words',
      '550 5.1.1 <ana@example.net>: Recipient address rejected: User unknown in local recipient table',
    );
  });

  test('that came to the plain address is known by the Message-ID in it', async () => {
    const reading = await read(writeBounce({ ...Object.values(NO_SUCH_USER)[0]!, to: BOUNCE_ADDRESS }));
    expect(reading).toMatchObject({ deliveryId: null, messageId: MESSAGE_ID });
  });

  test('takes no Message-ID from the body of what came back', async () => {
    const raw = writeBounce({ ...Object.values(NO_SUCH_USER)[0]!, whole: true });
    expect(await read(raw.replace(`Message-ID: ${MESSAGE_ID}\r\n`, ''))).toMatchObject({ messageId: null });
  });

  test('after forwarding names both addresses', async () => {
    expect(
      await recipientOf('Original-Recipient: rfc822; bo@example.org', 'Action: failed', 'Status: 5.1.1'),
    ).toMatchObject({ addresses: ['bo@example.org', 'ana@example.net'] });
  });

  test.each([
    ['a delay', 'delayed', '4.4.1', 'later'],
    ['a delivery', 'delivered', '2.0.0', 'later'],
    ['a relay that reports no more', 'relayed', '2.0.0', 'later'],
    ['an end after days of trying', 'failed', '4.4.7', 'refused'],
    ['a full mailbox', 'failed', '5.2.2', 'refused'],
    ['spam', 'failed', '5.7.1', 'refused'],
    ['no such mailbox', 'failed', '5.1.1', 'no-mailbox'],
  ])('of %s (%s, %s) is “%s”', async (_what, action, status, refusal) => {
    expect(await recipientOf(`Action: ${action}`, `Status: ${status}`)).toMatchObject({ refusal, status });
  });

  test('that says less than it must is passed over', async () => {
    for (const fields of [['Action: failed'], ['Status: 5.1.1'], ['Action: failed', 'Status: 5.1'], []])
      expect(await recipientOf(...fields)).toBeNull();
  });

  test('on many recipients is none on ours', async () => {
    const recipients = Array.from({ length: 50 }, (_, at) => [
      `Final-Recipient: rfc822; a${at}@example.net`,
      'Action: failed',
      'Status: 5.1.1',
    ]);
    expect(await read(writeBounce({ to: VERP, recipients }))).toEqual({
      kind: 'passed-over',
      reason: 'unreadable-report',
    });
  });
});

describe('a complaint (RFC 5965)', () => {
  test('names the delivery, who complained, of what kind it is, and who tells it', async () => {
    expect(await read(writeComplaint())).toEqual({
      kind: 'complaint',
      deliveryId: DELIVERY_ID,
      messageId: MESSAGE_ID,
      addresses: ['ana@example.net'],
      feedbackType: 'abuse',
      reporter: 'SomeGenerator/1.0',
    });
  });

  test('that came to the address of a feedback loop is known by the return path in it', async () => {
    const fields = [`Original-Mail-From: <${VERP}>`];
    expect(
      await read(writeComplaint({ to: 'abuse@watch.example.org', fields, messageId: null })),
    ).toMatchObject({
      kind: 'complaint',
      deliveryId: DELIVERY_ID,
      messageId: null,
      addresses: [],
    });
  });

  test('that hides the address names none', async () => {
    const fields = ['Original-Rcpt-To: redacted', 'Removal-Recipient: xyz'];
    expect(await read(writeComplaint({ fields }))).toMatchObject({ kind: 'complaint', addresses: [] });
  });

  test.each(['Abuse', 'fraud', 'opt-out'])('of the kind “%s” counts', async (feedbackType) => {
    expect(await read(writeComplaint({ feedbackType }))).toMatchObject({
      kind: 'complaint',
      feedbackType: feedbackType.toLowerCase(),
    });
  });
});

describe('what is no such report is passed over', () => {
  const plain = (headers: string[], type = 'text/plain') =>
    [
      ...headers,
      `To: ${VERP}`,
      'From: ana@example.net',
      `Content-Type: ${type}`,
      '',
      'I am away until Monday.',
      '',
    ].join('\r\n');

  test.each([
    ['an answer of a machine (RFC 3834)', plain(['Auto-Submitted: auto-replied']), 'automatic-reply'],
    ['an out-of-office note of an older kind', plain(['X-Autoreply: yes']), 'automatic-reply'],
    ['another such', plain(['Precedence: auto_reply']), 'automatic-reply'],
    ['a letter of a person', plain(['Auto-Submitted: no']), 'no-report'],
    [
      'a complaint without its report',
      plain([], 'multipart/report; report-type=feedback-report; boundary=x'),
      'unreadable-report',
    ],
    ['a word that it is no spam (RFC 6430)', writeComplaint({ feedbackType: 'not-spam' }), 'other-feedback'],
    ['a failed signature (RFC 6591)', writeComplaint({ feedbackType: 'auth-failure' }), 'other-feedback'],
    ['a report of no type', writeComplaint({ feedbackType: null }), 'unreadable-report'],
    ['a receipt', plain([], 'multipart/report; report-type=disposition-notification; boundary=x'), 'receipt'],
    [
      'a report without its status',
      plain([], 'multipart/report; report-type=delivery-status; boundary=x'),
      'unreadable-report',
    ],
  ])('%s', async (_what, raw, reason) => {
    expect(await read(raw)).toEqual({ kind: 'passed-over', reason });
  });

  test('a report within another mail, as one that a person forwards', async () => {
    const report = writeBounce(Object.values(NO_SUCH_USER)[0]!);
    const raw = [
      `To: ${VERP}`,
      'Content-Type: multipart/mixed; boundary="outer"',
      '',
      '--outer',
      'Content-Type: message/rfc822',
      '',
      report,
      '--outer--',
      '',
    ].join('\r\n');
    expect((await read(raw)).kind).toBe('passed-over');
  });
});

describe('any text whatever', () => {
  test('is read without a fault', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 });
    const line = fc.constantFrom(
      'Final-Recipient: rfc822; a@b.c',
      'Action: failed',
      'Status: 5.1.1',
      '',
      ' x',
      ':',
    );
    fc.assert(
      fc.property(
        fc.oneof(
          text,
          fc.array(line).map((lines) => lines.join('\r\n')),
        ),
        fc.array(fc.tuple(fc.constantFrom('to', 'precedence', 'x'), text)),
        (status, headers) => {
          const reading = parseBounce(
            {
              headers,
              contentType: { type: 'multipart/report', reportType: 'delivery-status' },
              parts: [
                { type: 'message/delivery-status', text: status },
                { type: 'message/rfc822', text: status },
              ],
            },
            BOUNCE_ADDRESS,
          );
          expect(['bounce', 'passed-over']).toContain(reading.kind);
        },
      ),
      { numRuns: 500 },
    );
  });

  test.each([
    ['folds', 'X: y\r\n '.repeat(8_000)],
    ['blank lines', '\r\n \t'.repeat(16_000)],
    ['statuses', `Status: ${'5.1.'.repeat(16_000)}`],
    ['addresses', `Final-Recipient: ${'<a@'.repeat(16_000)}`],
  ])('of many %s is read in linear time', (_what, text) => {
    const started = performance.now();
    parseBounce(
      {
        headers: [],
        contentType: { type: 'multipart/report', reportType: null },
        parts: [{ type: 'message/delivery-status', text }],
      },
      BOUNCE_ADDRESS,
    );
    expect(performance.now() - started).toBeLessThan(200);
  });
});
