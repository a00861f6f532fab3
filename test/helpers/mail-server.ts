import type { AddressInfo } from 'node:net';
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';

export interface ReceivedRaw {
  from: string;
  to: string[];
  /** Bytes as Latin-1. */
  raw: string;
  atMs: number;
}

export interface MailServer {
  port: number;
  received: ReceivedRaw[];
  close(): Promise<void>;
}

/** An SMTP server that keeps what it gets, and answers otherwise as it is told. */
export async function startMailServer(
  options: SMTPServerOptions = {},
  host = '127.0.0.1',
): Promise<MailServer> {
  const received: ReceivedRaw[] = [];
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    onData(stream, { envelope }, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        received.push({
          from: envelope.mailFrom === false ? '' : envelope.mailFrom.address,
          to: envelope.rcptTo.map((one) => one.address),
          raw: Buffer.concat(chunks).toString('latin1'),
          atMs: performance.now(),
        });
        done(null, 'kept by the test');
      });
    },
    ...options,
  });
  server.on('error', () => undefined);
  await new Promise<void>((resolve) => server.listen(0, host, () => resolve()));
  return {
    port: (server.server.address() as AddressInfo).port,
    received,
    close: () => new Promise<void>((resolve) => server.close(() => resolve())),
  };
}

/** An answer that refuses, as smtp-server takes it. */
export function refusal(reply: number, words: string): Error {
  return Object.assign(new Error(words), { responseCode: reply });
}
