/** What a report is made of; each part stands as a mail server writes it. */
export interface BounceSample {
  /** Where it comes to. */
  to: string;
  /** Headers beside From, To, Subject, Date and MIME-Version. */
  headers?: string[];
  /** Fields of the group about the message. */
  message?: string[];
  /** Fields of each group about a recipient. */
  recipients: string[][];
  /** Message-ID of what comes back; null for a report that returns nothing. */
  messageId?: string | null;
  /** Whether the whole message comes back, and not its headers alone. */
  whole?: boolean;
}

export const DELIVERY_ID = '0123456789abcdef0123456789abcdef';
export const BOUNCE_ADDRESS = 'bounces@watch.example.org';
export const VERP = `bounces+${DELIVERY_ID}@watch.example.org`;
export const MESSAGE_ID = `<2025-05426.${DELIVERY_ID}@watch.example.org>`;

/** A report as a mail, with CRLF. */
export function writeBounce(sample: BounceSample): string {
  const { to, headers = ['Auto-Submitted: auto-replied'], messageId = MESSAGE_ID, whole = false } = sample;
  const groups = [sample.message ?? ['Reporting-MTA: dns; mx.example.net'], ...sample.recipients];
  const returned = [
    'From: Entity List Watch <alerts@watch.example.org>',
    'To: ana@example.net',
    `Message-ID: ${messageId}`,
    'Subject: BIS adds 70 entities',
  ];
  return [
    'Return-Path: <>',
    ...headers,
    'From: Mail Delivery Subsystem <MAILER-DAEMON@mx.example.net>',
    `To: ${to}`,
    'Subject: Undelivered Mail Returned to Sender',
    'Date: Fri, 28 Mar 2025 08:00:00 -0400',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=delivery-status;',
    '\tboundary="=_report"',
    '',
    'This is a MIME-encapsulated message.',
    '',
    '--=_report',
    'Content-Type: text/plain; charset=us-ascii',
    '',
    'I am sorry to tell you that your message could not be delivered.',
    '',
    '--=_report',
    'Content-Type: message/delivery-status',
    '',
    groups.map((group) => group.join('\r\n')).join('\r\n\r\n'),
    '',
    ...(messageId === null
      ? []
      : [
          '--=_report',
          whole ? 'Content-Type: message/rfc822' : 'Content-Type: text/rfc822-headers',
          '',
          ...returned,
          ...(whole ? ['', 'The text of the message.', 'Message-ID: <other@evil.test>'] : []),
          '',
        ]),
    '--=_report--',
    '',
  ].join('\r\n');
}

/** A complaint as the service of a mailbox sends it, after the example of RFC 5965, appendix B.2. */
export function writeComplaint({
  to = VERP,
  fields = [
    'Original-Mail-From: <alerts@watch.example.org>',
    'Original-Rcpt-To: <ana@example.net>',
    'Received-Date: Fri, 28 Mar 2025 08:00:00 -0400',
    'Source-IP: 192.0.2.2',
  ],
  feedbackType = 'abuse',
  messageId = MESSAGE_ID,
}: {
  to?: string;
  fields?: string[];
  feedbackType?: string | null;
  messageId?: string | null;
} = {}): string {
  return [
    'From: <abusedesk@mailbox.example>',
    'Date: Fri, 28 Mar 2025 17:40:36 -0400',
    'Subject: FW: BIS adds 70 entities',
    `To: ${to}`,
    'Message-ID: <20250328.4321@mailbox.example>',
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=feedback-report;',
    '\tboundary="part1_13d.2e68ed54_boundary"',
    '',
    '--part1_13d.2e68ed54_boundary',
    'Content-Type: text/plain; charset="US-ASCII"',
    'Content-Transfer-Encoding: 7bit',
    '',
    'This is an email abuse report for an email message received from IP 192.0.2.2 on',
    'Fri, 28 Mar 2025 08:00:00 -0400. For more information about this format please see',
    'http://www.mipassoc.org/arf/.',
    '',
    '--part1_13d.2e68ed54_boundary',
    'Content-Type: message/feedback-report',
    '',
    ...(feedbackType === null ? [] : [`Feedback-Type: ${feedbackType}`]),
    'User-Agent: SomeGenerator/1.0',
    'Version: 1',
    ...fields,
    '',
    '--part1_13d.2e68ed54_boundary',
    'Content-Type: message/rfc822',
    'Content-Disposition: inline',
    '',
    'From: Entity List Watch <alerts@watch.example.org>',
    'Received: from mailserver.example.net (mailserver.example.net [192.0.2.2])',
    '        by example.com with ESMTP id M63d4137594e46; Fri, 28 Mar 2025 08:00:00 -0400',
    'To: <Undisclosed Recipients>',
    'Subject: BIS adds 70 entities',
    'MIME-Version: 1.0',
    'Content-type: text/plain',
    ...(messageId === null ? [] : [`Message-ID: ${messageId}`]),
    'Date: Fri, 28 Mar 2025 12:00:00 +0000',
    '',
    'The text of the message.',
    '--part1_13d.2e68ed54_boundary--',
    '',
  ].join('\r\n');
}

/** One recipient who does not exist, in the words of several servers. */
export const NO_SUCH_USER: Record<string, BounceSample> = {
  'a server of the style of Postfix': {
    to: VERP,
    message: [
      'Reporting-MTA: dns; relay.watch.example.org',
      'X-Queue-ID: 4Zb1Q26xYz',
      'Arrival-Date: Fri, 28 Mar 2025 07:59:58 -0400 (EDT)',
    ],
    recipients: [
      [
        'Final-Recipient: rfc822; ana@example.net',
        'Original-Recipient: rfc822;ana@example.net',
        'Action: failed',
        'Status: 5.1.1',
        'Remote-MTA: dns; mx.example.net',
        'Diagnostic-Code: smtp; 550 5.1.1 <ana@example.net>: Recipient address',
        '    rejected: User unknown in local recipient table',
      ],
    ],
    whole: true,
  },
  'a server of the style of Exim, which states 5.0.0': {
    to: VERP,
    recipients: [
      [
        'Action: failed',
        'Final-Recipient: rfc822;ana@example.net',
        'Status: 5.0.0',
        'Remote-MTA: dns; mx.example.net',
        'Diagnostic-Code: smtp; 550 5.1.1 The email account that you tried to reach does not exist.',
      ],
    ],
  },
  'a server that gives no enhanced code at all': {
    to: VERP,
    recipients: [
      [
        'Final-Recipient: RFC822; <Ana@Example.NET>',
        'Action: failed',
        'Status: 5.0.0',
        'Diagnostic-Code: smtp; 550 no such user here',
      ],
    ],
  },
  'a server whose domain takes no mail': {
    to: VERP,
    recipients: [
      [
        'Final-Recipient: rfc822; ana@example.net',
        'Action: failed (undeliverable)',
        'Status: 5.1.10 (null MX)',
        'Diagnostic-Code: smtp; 556 5.1.10 Recipient address has null MX',
      ],
    ],
    messageId: null,
  },
};
