import { once } from 'node:events';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo, Server } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';

/** Where a message is on its way to a receiver; from `whole` on the receiver has it. */
export const MAIL_STAGES = [
  'greeting',
  'sender',
  'recipient',
  'data',
  'content',
  'whole',
  'accepted',
] as const;
export const WEBHOOK_STAGES = ['connected', 'headers', 'whole', 'answering', 'answered'] as const;
export type Stage = `mail ${(typeof MAIL_STAGES)[number]}` | `webhook ${(typeof WEBHOOK_STAGES)[number]}`;

/** A message as its receiver counts it. */
export interface Kept {
  /** Address, or path of the webhook. */
  to: string;
  /** Message-ID, or webhook-id. */
  id: string;
}

export interface Receivers {
  smtpPort: number;
  /** `http://127.0.0.1:<port>` */
  webhookOrigin: string;
  /** Whole messages in the order in which they came. */
  kept: Kept[];
  /** Why posts were refused: their signatures. */
  refused: string[];
  /** Secrets of the webhooks by their path. */
  secrets: Map<string, string>;
  /** Called at every stage of every message, before the receiver goes on. */
  onStage: (stage: Stage) => void;
  /** Resolves when no connection is left. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

/** A real SMTP server, and a webhook receiver that verifies each signature with the public library. */
export async function startReceivers(): Promise<Receivers> {
  const servers: Server[] = [];
  const receivers: Receivers = {
    smtpPort: 0,
    webhookOrigin: '',
    kept: [],
    refused: [],
    secrets: new Map(),
    onStage: () => {},
    async quiet() {
      for (const server of servers) while ((await connectionsOf(server)) > 0) await sleep(5);
    },
    async close() {
      await receivers.quiet();
      for (const server of servers) server.close();
    },
  };
  const mail = makeMailServer(receivers);
  mail.listen(0, '127.0.0.1');
  const hooks = makeWebhookServer(receivers);
  hooks.listen(0, '127.0.0.1');
  servers.push(mail.server as Server, hooks);
  for (const server of servers) if (!server.listening) await once(server, 'listening');
  receivers.smtpPort = (servers[0]!.address() as AddressInfo).port;
  receivers.webhookOrigin = `http://127.0.0.1:${(servers[1]!.address() as AddressInfo).port}`;
  return receivers;
}

function makeMailServer(receivers: Receivers): SMTPServer {
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    onConnect(_session, done) {
      receivers.onStage('mail greeting');
      done();
    },
    onMailFrom(_address, _session, done) {
      receivers.onStage('mail sender');
      done();
    },
    onRcptTo(_address, _session, done) {
      receivers.onStage('mail recipient');
      done();
    },
    onData(stream, { envelope }, done) {
      receivers.onStage('mail data');
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => {
        if (chunks.push(chunk) === 1) receivers.onStage('mail content');
      });
      // Comes only after the line with the single stop: a message that is cut off is never kept.
      stream.on('end', () => {
        const head = Buffer.concat(chunks).toString('latin1').split('\r\n\r\n', 1)[0]!;
        const id = /^message-id:\s*(<[^>]+>)/imu.exec(head)?.[1] ?? 'none';
        receivers.kept.push({ to: envelope.rcptTo[0]!.address, id });
        receivers.onStage('mail whole');
        done(null, 'kept by the test');
        receivers.onStage('mail accepted');
      });
    },
  });
  // A client that was killed.
  server.on('error', () => {});
  return server;
}

function makeWebhookServer(receivers: Receivers): Server {
  const take = (request: IncomingMessage, response: ServerResponse, body: string) => {
    const to = request.url ?? '';
    try {
      new Webhook(receivers.secrets.get(to) ?? '').verify(body, request.headers as Record<string, string>);
    } catch (error) {
      receivers.refused.push(`${to}: ${String(error)}`);
      return response.writeHead(401).end();
    }
    receivers.kept.push({ to, id: String(request.headers['webhook-id']) });
    receivers.onStage('webhook whole');
    response.writeHead(200);
    response.write('ta', () => {
      receivers.onStage('webhook answering');
      response.end('ken', () => receivers.onStage('webhook answered'));
    });
  };
  const server = createServer((request, response) => {
    receivers.onStage('webhook headers');
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    response.on('error', () => {});
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => take(request, response, Buffer.concat(chunks).toString('utf8')));
  });
  server.on('connection', () => receivers.onStage('webhook connected'));
  return server;
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}
