import type { FastifyInstance } from 'fastify';
import { Webhook } from 'standardwebhooks';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { createEmailChannel } from '../../../src/channel/email.ts';
import type { Parts } from '../../../src/parts.ts';
import { confirmSubscription } from '../../../src/store/subscriptions.ts';
import { openApi, openApiParts, tokenFor } from '../../helpers/api.ts';
import { backends, type TestDatabase } from '../../helpers/databases.ts';
import { type Receiver, startReceiver } from '../../helpers/receiver.ts';
import { type SmtpSink, startSmtpSink } from '../../helpers/smtp-sink.ts';

const WORDS = 'This is a test: no list has changed';

describe.each(backends.slice(0, 1))('a test message that is asked for by the API', ({ open }) => {
  let database: TestDatabase;
  let sink: SmtpSink;
  let receiver: Receiver;
  let parts: Parts;
  let server: FastifyInstance;
  let own: { authorization: string };
  const clock = { now: new Date().toISOString() };
  const smtp: { refuse?: number } = {};
  const answer = { status: 200, text: 'ok' };

  const ask = async (method: 'GET' | 'POST', url: string, payload?: object) => {
    const { statusCode, body } = await server.inject({
      method,
      url: `/api/v1${url}`,
      headers: own,
      ...(payload === undefined ? {} : { payload }),
    });
    return { status: statusCode, body: JSON.parse(body) };
  };
  const add = async (request: object) => (await ask('POST', '/subscriptions', request)).body;
  /** A mail address whose reader said yes. */
  const addConfirmed = async (target: string) => {
    const subscription = await add({ target });
    await confirmSubscription(parts.db, subscription.subscriptionId, clock.now);
    return subscription;
  };
  const sendTest = ({ subscriptionId }: { subscriptionId: string }) =>
    ask('POST', `/subscriptions/${subscriptionId}/test`);
  const ledgerOf = async ({ subscriptionId }: { subscriptionId: string }) =>
    (await ask('GET', `/subscriptions/${subscriptionId}/deliveries`)).body.deliveries;

  beforeAll(async () => {
    [database, sink] = await Promise.all([open(), startSmtpSink(smtp)]);
  });
  afterAll(async () => {
    await database.close();
    await sink.close();
  });
  beforeEach(async () => {
    await database.empty();
    sink.received.length = 0;
    delete smtp.refuse;
    Object.assign(answer, { status: 200, text: 'ok' });
    // What a receiver checks is how old the message is by its own clock.
    clock.now = new Date().toISOString();
    receiver = await startReceiver((response) => response.writeHead(answer.status).end(answer.text));
    parts = {
      ...openApiParts(database, { clock }),
      email: createEmailChannel({
        smtpUrl: sink.url,
        mailFrom: 'alerts@example.org',
        outboxDir: '/nonexistent',
        now: () => Date.parse(clock.now),
      }),
    };
    server = openApi(parts);
    own = await tokenFor(parts, ['subscriptions'], { organisationId: 'acme' });
  });
  afterEach(async () => {
    await server.close();
    await Promise.all([parts.email.close(), parts.webhooks.close(), parts.chat.close(), receiver.close()]);
  });

  test('comes as mail, with the Message-ID of the answer and of the ledger', async () => {
    const subscription = await addConfirmed('compliance@example.org');
    const tested = await sendTest(subscription);
    expect(tested).toMatchObject({ status: 200, body: { kind: 'test', status: 'sent', attempts: 1 } });
    expect(sink.received.map(({ to }) => to)).toEqual([['compliance@example.org']]);
    const { mail } = sink.received[0]!;
    expect(mail.text).toContain(WORDS);
    expect(mail.messageId).toBe(tested.body.messageId);
    expect(await ledgerOf(subscription)).toContainEqual(tested.body);
  });

  test('comes to a webhook, whose owner can verify it with the secret that was shown', async () => {
    const subscription = await add({
      channel: 'webhook',
      target: `${receiver.origin}/hook`,
      contact: 'owner@example.org',
    });
    const tested = await sendTest(subscription);
    expect(tested).toMatchObject({ status: 200, body: { kind: 'test', status: 'sent' } });
    expect(receiver.received.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /hook']);
    const { body, headers } = receiver.received[0]!;
    const verified = new Webhook(subscription.signingSecret).verify(
      body,
      headers as Record<string, string>,
    ) as { type: string };
    expect(verified).toMatchObject({ type: 'test', timestamp: expect.any(String) });
    expect(headers['webhook-id']).toContain(tested.body.deliveryId);
    expect(() =>
      new Webhook(subscription.signingSecret).verify(`${body} `, headers as Record<string, string>),
    ).toThrow();
  });

  test('is signed with both secrets after a new one was made', async () => {
    const subscription = await add({
      channel: 'webhook',
      target: `${receiver.origin}/hook`,
      contact: 'owner@example.org',
    });
    const renewed = await ask('POST', `/subscriptions/${subscription.subscriptionId}/secrets`);
    await sendTest(subscription);
    const { body, headers } = receiver.received[0]!;
    for (const secret of [subscription.signingSecret, renewed.body.signingSecret])
      expect(new Webhook(secret).verify(body, headers as Record<string, string>)).toMatchObject({
        type: 'test',
      });
  });

  test('comes to Slack as blocks with a text', async () => {
    const target = `${receiver.origin}/services/T0/B0/geheim`;
    const tested = await sendTest(await add({ channel: 'slack', target, contact: 'owner@example.org' }));
    expect(tested.body).toMatchObject({ kind: 'test', status: 'sent' });
    expect(JSON.stringify(tested.body)).not.toContain('geheim');
    expect(receiver.received.map(({ path }) => path)).toEqual(['/services/T0/B0/geheim']);
    const message = JSON.parse(receiver.received[0]!.body);
    expect(message).toMatchObject({ text: expect.stringContaining(WORDS), blocks: expect.any(Array) });
  });

  test('comes to Teams as an adaptive card', async () => {
    const target = `${receiver.origin}/workflows/geheim`;
    answer.status = 202;
    const tested = await sendTest(await add({ channel: 'teams', target, contact: 'owner@example.org' }));
    expect(tested.body).toMatchObject({ kind: 'test', status: 'sent' });
    expect(receiver.received.map(({ path }) => path)).toEqual(['/workflows/geheim']);
    const message = JSON.parse(receiver.received[0]!.body);
    expect(message).toMatchObject({
      type: 'message',
      attachments: [{ contentType: 'application/vnd.microsoft.card.adaptive' }],
    });
    expect(JSON.stringify(message)).toContain(WORDS);
  });

  test('that a target refuses says so in the answer and in the ledger', async () => {
    const webhook = await add({
      channel: 'webhook',
      target: `${receiver.origin}/hook`,
      contact: 'owner@example.org',
    });
    answer.status = 500;
    const refused = await sendTest(webhook);
    expect(refused).toMatchObject({ status: 200, body: { kind: 'test', attempts: 1, sentAt: null } });
    expect(refused.body.outcome).toContain('500');
    expect(refused.body.status).not.toBe('sent');
    smtp.refuse = 451;
    const mail = await addConfirmed('compliance@example.org');
    const waiting = await sendTest(mail);
    expect(waiting.body).toMatchObject({ status: 'due', sentAt: null });
    expect(await ledgerOf(mail)).toContainEqual(waiting.body);
  });
});
