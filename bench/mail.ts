import nodemailer from 'nodemailer';
import MailComposer from 'nodemailer/lib/mail-composer/index.js';
import { composeMail, parseSender } from '../src/channel/compose-mail.ts';
import { createEmailChannel } from '../src/channel/email.ts';
import { MAIL_FROM, sampleMail } from '../test/helpers/sample-mail.ts';
import { startChild } from './child.ts';
import { compareAsync, type Figure } from './measure.ts';

const MAILS = 400;
const RUNS = 7;
/** As many as the channel has. */
const CONNECTIONS = 4;

/** Mail through the channel, against nodemailer's own pool with the same messages, composed there or before. */
export async function benchMail(): Promise<Figure[]> {
  const sink = startChild('./smtp-sink.ts');
  const port = Number(await sink.nextLine());
  const channel = createEmailChannel({
    smtpUrl: `smtp://127.0.0.1:${port}`,
    mailFrom: MAIL_FROM,
    outboxDir: '/nonexistent',
  });
  const bare = nodemailer.createTransport({
    pool: true,
    host: '127.0.0.1',
    port,
    ignoreTLS: true,
    maxConnections: CONNECTIONS,
    maxMessages: Infinity,
  });
  const messages = Array.from({ length: MAILS }, (_none, at) =>
    sampleMail(`user${at}@example.net`, at.toString(16).padStart(32, '0')),
  );
  const from = parseSender(MAIL_FROM, null);
  const mails = messages.map((message) => composeMail(from, message, Date.now()));
  const raw = await Promise.all(
    mails.map(async (mail) => ({
      envelope: mail.envelope,
      raw: await new MailComposer(mail).compile().build(),
    })),
  );
  const ours = () => Promise.all(messages.map((message) => channel.send(message)));
  try {
    const figure = async (baseline: string, run: () => Promise<unknown>): Promise<Figure> => {
      const times = await compareAsync(ours, run, RUNS);
      const ratio = times.ours / times.baseline;
      return {
        name: `${MAILS} mails through the channel (processor time)`,
        milliseconds: times.ours,
        baseline,
        baselineMilliseconds: times.baseline,
        ratio,
        goal: { text: 'at least 0.85 of its rate', reached: ratio <= 1 / 0.85 },
      };
    };
    return [
      await figure('bare nodemailer with the same messages', () =>
        Promise.all(mails.map((mail) => bare.sendMail(mail))),
      ),
      await figure('bare nodemailer with messages that were composed before', () =>
        Promise.all(raw.map((mail) => bare.sendMail(mail))),
      ),
    ];
  } finally {
    await channel.close();
    bare.close();
    sink.child.kill();
  }
}
