import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo, Server, Socket } from 'node:net';
import { SMTPServer } from 'smtp-server';
import { Webhook } from 'standardwebhooks';
import { refusal } from '../../test/helpers/mail-server.ts';
import { startReceiver } from '../../test/helpers/receiver.ts';
import type { Chances, Chaos } from './chaos.ts';

/** How often each message was taken, by its Message-ID or `webhook-id`. */
export type Taken = Map<string, number>;

export interface FaultyReceiver {
  /** `smtp://…` or `http://…` */
  url: string;
  taken: Taken;
  close(): Promise<void>;
}

const IN_SESSION = { 'refuses the session, 421': 1 } satisfies Chances<string>;
const AT_RECIPIENT = { 'refuses the recipient, 451': 2 } satisfies Chances<string>;
const AT_FIRST_BYTES = { 'drops the connection in the message': 3 } satisfies Chances<string>;
const AT_MESSAGE = {
  'refuses the message, 452': 2,
  'takes it and drops the connection': 3,
  'takes it and answers after two seconds': 3,
  'hangs before it takes it': 1,
} satisfies Chances<string>;
const AT_POST = {
  'answers 500': 8,
  'answers 429': 4,
  'drops the connection': 4,
  'takes it and drops the connection': 4,
  'takes it and answers after two seconds': 4,
  hangs: 2,
} satisfies Chances<string>;

/** A message that so much went wrong with is taken: nobody is to be given up here. */
const MOST_OF_ONE = 3;
const HEAD_BYTES = 16_384;
const SLOW_MS = 2_000;

/** Counts what went wrong with each message, and draws nothing more for one that had its share. */
function createDraws(chaos: Chaos) {
  const faults = new Map<string, number>();
  return <Kind extends string>(place: string, of: string, chances: Chances<Kind>): Kind | null => {
    const before = faults.get(of) ?? 0;
    const drawn = before < MOST_OF_ONE ? chaos.draw(place, chances) : null;
    if (drawn !== null) faults.set(of, before + 1);
    return drawn;
  };
}

const take = (taken: Taken, id: string) => void taken.set(id, (taken.get(id) ?? 0) + 1);

/** A mail server with a bad day. `hangMs` is how long it says nothing before it drops the connection. */
export async function startFaultyMailServer(chaos: Chaos, hangMs: number): Promise<FaultyReceiver> {
  const taken: Taken = new Map();
  const sockets = new Map<number, Socket>();
  const draw = createDraws(chaos);
  const drop = (port: number) => sockets.get(port)?.destroy();
  const server = new SMTPServer({
    authOptional: true,
    logger: false,
    onConnect(_session, done) {
      done(chaos.draw('mail', IN_SESSION) === null ? null : refusal(421, 'too busy'));
    },
    onRcptTo({ address }, _session, done) {
      done(draw('mail', address, AT_RECIPIENT) === null ? null : refusal(451, 'try again later'));
    },
    onData(stream, { remotePort }, done) {
      let head = '';
      let isCut = false;
      const id = () => /^message-id:\s*(<[^>]+>)/imu.exec(head)?.[1] ?? 'none';
      stream.on('data', (chunk: Buffer) => {
        if (head === '' && chaos.draw('mail', AT_FIRST_BYTES) !== null) {
          isCut = true;
          drop(remotePort);
        }
        if (head.length < HEAD_BYTES) head += chunk.toString('latin1');
      });
      stream.on('end', () => {
        if (isCut) return;
        const fault = draw('mail', id(), AT_MESSAGE);
        if (fault === 'refuses the message, 452') return done(refusal(452, 'no room for now'));
        if (fault === 'hangs before it takes it') {
          const end = () => drop(remotePort);
          chaos.onEnd(end);
          return setTimeout(end, hangMs).unref();
        }
        take(taken, id());
        if (fault === 'takes it and drops the connection') return drop(remotePort);
        setTimeout(() => done(null, 'kept'), fault === null ? 0 : SLOW_MS);
      });
    },
  });
  // A client that was killed.
  server.on('error', () => {});
  const listening = server.listen(0, '127.0.0.1') as Server;
  listening.on('connection', (socket: Socket) => {
    const { remotePort } = socket;
    sockets.set(remotePort!, socket);
    socket.on('close', () => sockets.delete(remotePort!));
  });
  await once(listening, 'listening');
  const { port } = listening.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    taken,
    close: async () => {
      for (const socket of sockets.values()) socket.destroy();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/**
 * A receiver of webhooks with a bad day, which verifies each signature with the public library. `secrets` are those of
 * its paths; `refused` gets what it could not verify.
 */
export async function startFaultyHooks(
  chaos: Chaos,
  secrets: ReadonlyMap<string, string>,
  refused: string[],
): Promise<FaultyReceiver> {
  const taken: Taken = new Map();
  const draw = createDraws(chaos);
  const answer = (response: ServerResponse, { socket }: IncomingMessage, id: string) => {
    const fault = draw('webhooks', id, AT_POST);
    if (fault === 'answers 500') return response.writeHead(500).end();
    if (fault === 'answers 429') return response.writeHead(429, { 'retry-after': '2' }).end();
    if (fault === 'drops the connection') return socket.destroy();
    if (fault === 'hangs') return chaos.onEnd(() => socket.destroy());
    take(taken, id);
    if (fault === 'takes it and drops the connection') return socket.destroy();
    return setTimeout(() => response.writeHead(204).end(), fault === null ? 0 : SLOW_MS);
  };
  const receiver = await startReceiver((response, request, { path, body, headers }) => {
    try {
      new Webhook(secrets.get(path) ?? '').verify(body, headers as Record<string, string>);
    } catch (error) {
      refused.push(`${path}: ${String(error)}`);
      return void response.writeHead(401).end();
    }
    answer(response, request, String(headers['webhook-id']));
  });
  return { url: receiver.origin, taken, close: () => receiver.close() };
}
