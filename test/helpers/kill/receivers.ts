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
/** Of a post, to a webhook or a chat. */
export const POST_STAGES = ['connected', 'headers', 'whole', 'answering', 'answered'] as const;
export type Stage =
  | `mail ${(typeof MAIL_STAGES)[number]}`
  | `${'webhook' | 'chat'} ${(typeof POST_STAGES)[number]}`;

/** A message as its receiver counts it. */
export interface Kept {
  /** Address, or path of the webhook or chat. */
  to: string;
  /** Message-ID, or webhook-id; a chat has none, so its path and the documents that the message names. */
  id: string;
}

export interface Received extends Kept {
  /** The message as it came: a mail, or JSON. */
  raw: Buffer;
}

/** The path of a chat and what it was told of, which stand for an id. */
export function chatId(path: string, documents: readonly string[]): string {
  return `${path} ${[...new Set(documents)].sort().join()}`;
}

/** The numbers of the stories in a text, as often as they stand in it. */
export function documentsIn(text: string): string[] {
  return text.match(/\b2025-\d{5}\b/gu) ?? [];
}

export interface Receivers {
  smtpPort: number;
  /** `http://127.0.0.1:<port>` */
  webhookOrigin: string;
  chatOrigin: string;
  /** Whole messages in the order in which they came. */
  kept: Received[];
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

/**
 * A real SMTP server, a webhook receiver that verifies each signature with the public library, and one that answers as
 * Slack and Teams do.
 */
export async function startReceivers(): Promise<Receivers> {
  const servers: Server[] = [];
  const receivers: Receivers = {
    smtpPort: 0,
    webhookOrigin: '',
    chatOrigin: '',
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
  const hooks = makePostServer(receivers, 'webhook');
  hooks.listen(0, '127.0.0.1');
  const chats = makePostServer(receivers, 'chat');
  chats.listen(0, '127.0.0.1');
  servers.push(mail.server as Server, hooks, chats);
  for (const server of servers) if (!server.listening) await once(server, 'listening');
  receivers.smtpPort = (servers[0]!.address() as AddressInfo).port;
  receivers.webhookOrigin = `http://127.0.0.1:${(servers[1]!.address() as AddressInfo).port}`;
  receivers.chatOrigin = `http://127.0.0.1:${(servers[2]!.address() as AddressInfo).port}`;
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
        const raw = Buffer.concat(chunks);
        const head = raw.toString('latin1').split('\r\n\r\n', 1)[0]!;
        const id = /^message-id:\s*(<[^>]+>)/imu.exec(head)?.[1] ?? 'none';
        receivers.kept.push({ to: envelope.rcptTo[0]!.address, id, raw });
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

function makePostServer(receivers: Receivers, kind: 'webhook' | 'chat'): Server {
  const take = (request: IncomingMessage, response: ServerResponse, raw: Buffer) => {
    const to = request.url ?? '';
    const body = raw.toString('utf8');
    if (kind === 'webhook')
      try {
        new Webhook(receivers.secrets.get(to) ?? '').verify(body, request.headers as Record<string, string>);
      } catch (error) {
        receivers.refused.push(`${to}: ${String(error)}`);
        return response.writeHead(401).end();
      }
    const id = kind === 'chat' ? chatId(to, documentsIn(body)) : String(request.headers['webhook-id']);
    receivers.kept.push({ to, id, raw });
    receivers.onStage(`${kind} whole`);
    response.writeHead(200);
    // Slack's whole answer.
    response.write('o', () => {
      receivers.onStage(`${kind} answering`);
      response.end('k', () => receivers.onStage(`${kind} answered`));
    });
  };
  const server = createServer((request, response) => {
    receivers.onStage(`${kind} headers`);
    const chunks: Buffer[] = [];
    request.on('error', () => {});
    response.on('error', () => {});
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => take(request, response, Buffer.concat(chunks)));
  });
  server.on('connection', () => receivers.onStage(`${kind} connected`));
  return server;
}

function connectionsOf(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.getConnections((error, count) => (error ? reject(error) : resolve(count)));
  });
}
