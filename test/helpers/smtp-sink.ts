import type { AddressInfo } from 'node:net';
import { type ParsedMail, simpleParser } from 'mailparser';
import { SMTPServer } from 'smtp-server';

export interface Received {
  to: string[];
  raw: string;
  mail: ParsedMail;
}

export interface SmtpSink {
  url: string;
  received: Received[];
  close(): Promise<void>;
}

/**
 * A real SMTP server that keeps what it is sent. `refuse` answers RCPT with that code while it is set; `hold` keeps
 * whoever sent a message waiting for the answer that it is taken.
 */
export async function startSmtpSink(
  state: { refuse?: number | undefined; hold?: Promise<void> | undefined } = {},
): Promise<SmtpSink> {
  const received: Received[] = [];
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    onRcptTo(_address, _session, done) {
      if (state.refuse === undefined) done();
      else done(Object.assign(new Error('refused by the test'), { responseCode: state.refuse }));
    },
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const raw = Buffer.concat(chunks);
        simpleParser(raw).then(async (mail) => {
          await state.hold;
          received.push({
            to: session.envelope.rcptTo.map((one) => one.address),
            raw: raw.toString('latin1'),
            mail,
          });
          done(null, 'kept by the test');
        }, done);
      });
    },
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    received,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}
