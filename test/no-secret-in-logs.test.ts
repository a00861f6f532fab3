import { connect } from 'node:net';
import { load } from 'cheerio';
import type { FastifyInstance } from 'fastify';
import { sql } from 'kysely';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createEmailChannel } from '../src/channel/email.ts';
import { deliver } from '../src/deliver.ts';
import { createLog } from '../src/log.ts';
import { notify } from '../src/notify.ts';
import type { Parts } from '../src/parts.ts';
import { screenChangeSet } from '../src/screening.ts';
import { findSubscription } from '../src/store/subscriptions.ts';
import { renewPageSalt } from '../src/store/watchlist-pages.ts';
import { ADMIN_TOKEN, openApi, openApiParts, storeSample, tokenFor } from './helpers/api.ts';
import { type Browser, bareToken, openBrowser } from './helpers/browser.ts';
import { backends, type TestDatabase } from './helpers/databases.ts';
import { type MailServer, refusal, startMailServer } from './helpers/mail-server.ts';
import { type Receiver, startReceiver } from './helpers/receiver.ts';

const RULE = 'cs_2025-05426_1';
const READER = 'quiet.reader@secretive.example';
const OWNER = 'webhook.owner@secretive.example';
const WATCHLIST = 'Takeover targets 7f3a';
const COUNTERPARTY = 'Beijing Example Institute of Secrets';
const HOOK_PATH = '/hook/path-secret-91c2';
const WRONG_TOKEN = 'elw_wrong-token-canary-5521';
const NO_LINK = 'link-canary-8812';

describe.each(backends)('the log on $name', ({ open }) => {
  let database: TestDatabase;
  let mailServer: MailServer;
  let receiver: Receiver;
  let parts: Parts;
  let server: FastifyInstance;
  let browser: Browser;
  let log: string;
  const clock = { now: '2025-03-31T15:00:00.000Z' };

  beforeAll(async () => {
    database = await open();
    mailServer = await startMailServer({
      // As many servers do, it repeats the address; what comes after the first message is refused.
      onRcptTo({ address }, _session, done) {
        if (mailServer.received.length === 0) done();
        else
          done(refusal(450, `4.7.1 <${address}> greylisted, write to postmaster@${address.split('@')[1]}`));
      },
    });
  });
  afterAll(async () => {
    await database.close();
    await mailServer.close();
  });
  beforeEach(async () => {
    await database.empty();
    mailServer.received.length = 0;
    receiver = await startReceiver((response) => response.writeHead(500).end(`no, ${HOOK_PATH}`));
    log = '';
  });
  afterEach(async () => {
    await server.close();
    await Promise.all([parts.email.close(), parts.webhooks.close(), parts.chat.close(), receiver.close()]);
  });

  async function begin(level: string): Promise<void> {
    const plain = openApiParts(database, { clock });
    const logger = createLog(level, {
      write(line) {
        log += line;
      },
    });
    await plain.email.close();
    parts = {
      ...plain,
      log: logger,
      email: createEmailChannel({
        smtpUrl: `smtp://127.0.0.1:${mailServer.port}`,
        mailFrom: 'alerts@example.org',
        outboxDir: '/nonexistent',
        log: logger,
        now: () => Date.parse(clock.now),
      }),
    };
    await storeSample(parts);
    server = openApi(parts);
    browser = openBrowser(() => server);
  }

  /** All that a secret can come by, once; answers the secrets that were made on the way. */
  async function goThroughAll(): Promise<string[]> {
    const secrets = [ADMIN_TOKEN, WRONG_TOKEN, NO_LINK, HOOK_PATH];
    const own = await tokenFor(parts, ['subscriptions', 'watchlists', 'read'], { organisationId: 'acme' });
    secrets.push(bareToken(own));
    const call = async (method: 'GET' | 'POST', url: string, payload?: object, headers: object = own) => {
      const answer = await server.inject({
        ...{ method, url: `/api/v1${url}`, headers: { ...headers } },
        ...(payload === undefined ? {} : { payload }),
      });
      return { status: answer.statusCode, body: answer.body === '' ? null : JSON.parse(answer.body) };
    };

    // Signing in, with what is right and what is not.
    await browser.post('/sign-in', { token: WRONG_TOKEN });
    await browser.get(`/sign-in?token=${WRONG_TOKEN}&next=%2Fscreening`);
    await browser.signIn(ADMIN_TOKEN);
    secrets.push(...browser.cookies.values());
    await browser.get('/operator');
    await browser.send('/sign-out');
    await browser.signIn(bareToken(own));
    secrets.push(...browser.cookies.values());
    const form = load((await browser.get('/screening')).body);
    secrets.push(form('input[name=csrf]').first().attr('value')!);
    await browser.post('/screening/watchlists', { csrf: NO_LINK, name: WATCHLIST });

    // The API, with what is right and what is not.
    for (const authorization of [`Bearer ${WRONG_TOKEN}`, WRONG_TOKEN, `Basic ${WRONG_TOKEN}`])
      expect((await call('GET', '/subscriptions', undefined, { authorization })).status).toBe(401);
    expect((await call('GET', '/subscriptions')).status).toBe(200);
    await call('GET', `/changes?after=0&token=${WRONG_TOKEN}`);
    await call('POST', '/subscriptions', { target: READER, token: WRONG_TOKEN, filter: WRONG_TOKEN });

    // A watchlist, its secret feed and what is compared with it.
    const { watchlistId } = (await call('POST', '/watchlists', { name: WATCHLIST })).body;
    await server.inject({
      ...{ method: 'POST', url: `/api/v1/watchlists/${watchlistId}/rows` },
      headers: { ...own, 'content-type': 'text/csv' },
      payload: `id,name,note\n1,${COUNTERPARTY},${NO_LINK}\n`,
    });
    expect(await screenChangeSet(parts, RULE)).toEqual({ failed: 0 });
    const feeds = (await call('POST', `/watchlists/${watchlistId}/feed`)).body as Record<string, string>;
    for (const address of Object.values(feeds)) {
      const { pathname } = new URL(address);
      secrets.push(pathname.split('/')[2]!);
      expect((await server.inject(pathname)).statusCode).toBe(200);
      expect((await server.inject(pathname.replace('/feed', 'x/feed'))).statusCode).toBe(404);
    }

    const salt = await renewPageSalt(parts.db, watchlistId, clock.now);
    const key = parts.secrets.signLink('watchlist-page', watchlistId, salt, clock.now, 7);
    secrets.push(salt, key, key.split('.')[2]!);
    expect((await server.inject(`/watchlists/${key}`)).statusCode).toBe(200);
    await browser.post(`/watchlists/${key}/compare`, {});
    await browser.post(`/watchlists/${key}x/decisions`, { reason: NO_LINK });

    // A webhook that fails, with its signing secrets, and a reader to whom the server does not deliver.
    const hook = (
      await call('POST', '/subscriptions', {
        ...{ channel: 'webhook', target: `${receiver.origin}${HOOK_PATH}`, contact: OWNER },
      })
    ).body;
    const renewed = await call('POST', `/subscriptions/${hook.subscriptionId}/secrets`);
    secrets.push(hook.signingSecret, renewed.body.signingSecret);
    const { subscriptionId } = (await call('POST', '/subscriptions', { target: READER })).body;
    const { token } = (await findSubscription(parts.db, subscriptionId))!;
    secrets.push(token);
    const sign = (purpose: 'confirm' | 'preferences' | 'acknowledge', subject: string) => {
      const link = parts.secrets.signLink(purpose, subject, token, clock.now, 7);
      secrets.push(link, link.split('.')[2]!);
      return `/${purpose}/${link}`;
    };
    for (const method of ['GET', 'POST'] as const)
      expect((await server.inject({ method, url: sign('confirm', subscriptionId) })).statusCode).toBe(200);
    const ids = await notify(parts, RULE);
    expect(ids).toHaveLength(2);
    const outcomes = new Set<string>();
    for (const id of ids) outcomes.add(await deliver(parts, id));
    for (const id of [subscriptionId, hook.subscriptionId]) await call('POST', `/subscriptions/${id}/test`);
    expect(receiver.received.length).toBeGreaterThan(0);
    expect(outcomes).toContain('due');

    // The links of the mail, whole, cut and with something behind, and on a store that fails.
    const links = [
      sign('preferences', subscriptionId),
      ...ids.map((id) => sign('acknowledge', id)),
      `/unsubscribe/${token}`,
    ];
    const follow = async () => {
      for (const link of links)
        for (const url of [
          link,
          `${link}x`,
          link.slice(0, -3),
          `${link}/${NO_LINK}`,
          `${link}?x=${NO_LINK}`,
        ]) {
          await server.inject(url);
          await server.inject({ method: 'POST', url: `${url}`, payload: `token=${token}` });
        }
    };
    await sql`alter table subscription rename to subscription_gone`.execute(parts.db);
    await follow();
    await call('GET', '/subscriptions');
    await sql`alter table subscription_gone rename to subscription`.execute(parts.db);
    await follow();
    expect((await findSubscription(parts.db, subscriptionId))!.status).toBe('paused');

    // What no route sees.
    for (const path of [
      `/feed/${NO_LINK}`,
      `/api/v1/${NO_LINK}`,
      `/${NO_LINK}/%ff`,
      `/${NO_LINK.repeat(30)}`,
    ])
      await server.inject({ url: path, headers: own });
    await server.listen({ port: 0, host: '127.0.0.1' });
    const address = server.server.address() as { port: number };
    for (const request of [`GET /unsubscribe/${token} HTTP/9.9\r\n\r\n`, `${token}\r\n\r\n`])
      await new Promise<void>((resolve) => {
        const socket = connect(address.port, '127.0.0.1', () => socket.write(request));
        socket.on('data', () => socket.end());
        socket.on('error', () => resolve());
        socket.on('close', () => resolve());
      });
    return secrets;
  }

  test.each(['info', 'debug', 'trace'])('has no token, link or secret, at %s', async (level) => {
    await begin(level);
    const secrets = await goThroughAll();
    // It is a log: faults are in it.
    for (const words of ['delivery failed', 'request failed']) expect(log).toContain(words);
    for (const line of log.trim().split('\n'))
      expect(JSON.parse(line)).toMatchObject({ msg: expect.any(String) });
    expect(secrets.every((secret) => secret.length >= 12)).toBe(true);
    expect(secrets.filter((secret) => log.includes(secret))).toEqual([]);
  });

  test('has no watchlist, counterparty or whole mail address from info on', async () => {
    await begin('info');
    await goThroughAll();
    const told = [WATCHLIST, COUNTERPARTY, READER, OWNER, READER.toUpperCase(), 'postmaster@secretive'];
    expect(told.filter((text) => log.includes(text))).toEqual([]);
    // Which server refused can still be read.
    expect(log).toContain('@secretive.example> greylisted');
  });
});
