import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { deliver } from '../../../src/deliver.ts';
import type { Parts } from '../../../src/parts.ts';
import { listDeliveries } from '../../../src/store/deliveries.ts';
import { giveUpAddress } from '../../../src/store/give-up-address.ts';
import { confirmSubscription, findSubscription } from '../../../src/store/subscriptions.ts';
import { suppressAddress } from '../../../src/store/suppressed-addresses.ts';
import { ADMIN_TOKEN, openApi, openApiParts, tokenFor } from '../../helpers/api.ts';
import { backends, type TestDatabase } from '../../helpers/databases.ts';
import { uploadCsv } from '../../helpers/watchlist.ts';

const TARGET = 'stranger@example.org';

describe.each(backends)(
  'the yes of a reader, against a token with the scope subscriptions, on $name',
  ({ open }) => {
    let database: TestDatabase;
    let parts: Parts;
    let server: FastifyInstance;
    let own: { authorization: string };
    const admin = { authorization: `Bearer ${ADMIN_TOKEN}` };
    const clock = { now: '2025-03-31T15:00:00.000Z' };
    const ask = async (
      method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
      url: string,
      body?: object,
      headers = own,
    ) => {
      const answer = await server.inject({
        ...{ method, url: `/api/v1${url}`, headers },
        ...(body === undefined ? {} : { payload: body }),
      });
      return { status: answer.statusCode, body: answer.body === '' ? null : answer.json() };
    };
    const add = async (fields: object = {}, headers = own) =>
      (await ask('POST', '/subscriptions', { target: TARGET, ...fields }, headers)).body;
    const addConfirmed = async (fields: object = {}): Promise<string> => {
      const { subscriptionId } = await add(fields);
      expect(await confirmSubscription(parts.db, subscriptionId, clock.now)).toBe(true);
      return subscriptionId;
    };
    const resume = (id: string, headers = own) =>
      ask('PATCH', `/subscriptions/${id}`, { status: 'active' }, headers);
    const statusOf = async (id: string) => (await findSubscription(parts.db, id))?.status;
    const questions = async () =>
      (await listDeliveries(parts.db)).filter(({ kind }) => kind === 'confirm').length;
    const suppress = (reason: string) => suppressAddress(parts.db, TARGET, { reason, now: clock.now });

    beforeAll(async () => {
      database = await open();
      parts = openApiParts(database, { clock });
    });
    afterAll(() => database.close());
    beforeEach(async () => {
      await database.empty();
      clock.now = '2025-03-31T15:00:00.000Z';
      server = openApi(parts);
      own = await tokenFor(parts, ['subscriptions'], { organisationId: 'acme' });
    });

    test('an address that a token names is asked first, and gets no test', async () => {
      const made = await add();
      expect(made).toMatchObject({ status: 'unconfirmed', confirmedAt: null, vouchedBy: null });
      expect(await questions()).toBe(1);
      const tested = await ask('POST', `/subscriptions/${made.subscriptionId}/test`);
      expect([tested.status, tested.body.type]).toEqual([409, '/problems/conflict']);
      expect((await listDeliveries(parts.db)).map(({ kind }) => kind)).toEqual(['confirm']);
    });

    test('the admin token of the service vouches, and the record says so', async () => {
      expect(await add({}, admin)).toMatchObject({
        status: 'active',
        confirmedAt: clock.now,
        vouchedBy: 'operator, by the admin token',
      });
      expect(await questions()).toBe(0);
      const { authorization } = await tokenFor(parts, ['admin']);
      expect(await add({ name: 'other' }, { authorization })).toMatchObject({ status: 'unconfirmed' });
    });

    test('an address is asked no more often under many names, or when it is removed and added', async () => {
      const ids: string[] = [];
      for (let hour = 0; hour < 6; hour++) {
        clock.now = `2025-03-31T${15 + hour}:10:00.000Z`;
        for (const name of ['a', 'b']) ids.push((await add({ name: `${name}${hour}` })).subscriptionId);
        await ask('DELETE', `/subscriptions/${ids.at(-1)}`);
        expect((await resume(ids.at(-2)!)).status).toBe(409);
      }
      expect(await questions()).toBe(3);
    });

    test('an unconfirmed one is asked again an hour later by who asks to begin it', async () => {
      const { subscriptionId } = await add();
      clock.now = '2025-03-31T16:30:00.000Z';
      expect((await resume(subscriptionId)).status).toBe(409);
      expect(await questions()).toBe(2);
      expect(await statusOf(subscriptionId)).toBe('unconfirmed');
    });

    test('its owner resumes what the owner paused, and not what the reader ended', async () => {
      const id = await addConfirmed();
      await ask('PATCH', `/subscriptions/${id}`, { status: 'paused' });
      expect((await resume(id)).body).toMatchObject({ status: 'active', statusBy: 'owner' });
      await ask('PATCH', `/subscriptions/${id}`, { status: 'paused' });
      const { token } = (await findSubscription(parts.db, id))!;
      await server.inject({ method: 'POST', url: `/unsubscribe/${token}` });
      const refused = await resume(id);
      expect([refused.status, refused.body.type]).toEqual([409, '/problems/conflict']);
      expect(refused.body.detail).toContain('Only its reader');
      expect((await findSubscription(parts.db, id))!).toMatchObject({ status: 'paused', statusBy: 'reader' });
      expect((await resume(id, admin)).status).toBe(404);
    });

    test('what a bounce ended is resumed and paused by nobody of its owner', async () => {
      const id = await addConfirmed();
      const { body } = await ask('POST', `/subscriptions/${id}/test`);
      const [delivery] = (await listDeliveries(parts.db)).filter((one) => one.deliveryId === body.deliveryId);
      const reason = 'bounced-5.1.1: no such user';
      expect(await giveUpAddress(parts, delivery!, { reason, atOnce: true, now: clock.now })).toBe(true);
      expect((await resume(id)).status).toBe(409);
      expect((await ask('PATCH', `/subscriptions/${id}`, { status: 'paused' })).status).toBe(409);
      expect((await resume(id)).status).toBe(409);
      expect(await statusOf(id)).toBe('disabled');
    });

    test('nothing is sent to the same address under another name, until its reader says yes again', async () => {
      const first = await addConfirmed();
      const second = await addConfirmed({ name: 'second' });
      await suppress('bounced-5.1.1: no such user');
      expect([await statusOf(first), await statusOf(second)]).toEqual(['disabled', 'disabled']);
      // As an older state of the tables could hold it.
      await parts.db.updateTable('subscription').set({ status: 'active' }).execute();
      const tested = await ask('POST', `/subscriptions/${second}/test`);
      expect(tested.body).toMatchObject({
        status: 'suppressed',
        outcome: expect.stringContaining('bounced-5.1.1'),
      });
      const third = await add({ name: 'third' });
      expect(third.status).toBe('unconfirmed');
      await confirmSubscription(parts.db, third.subscriptionId, clock.now);
      const after = await ask('POST', `/subscriptions/${third.subscriptionId}/test`);
      expect(after.body.status).not.toBe('suppressed');
    });

    test('who complained is not even asked', async () => {
      const { subscriptionId } = await add();
      const [question] = await listDeliveries(parts.db);
      await suppress('complaint-abuse: reported by a program');
      await suppress('bounced-5.1.1: no such user');
      expect(await deliver(parts, question!.deliveryId)).toBe('suppressed');
      clock.now = '2025-03-31T18:00:00.000Z';
      await add({ name: 'second' });
      expect(await questions()).toBe(1);
      expect(await statusOf(subscriptionId)).toBe('disabled');
      expect((await ask('POST', '/subscriptions', { target: TARGET }, admin)).body.detail).toContain(
        'complaint',
      );
    });

    test('a watchlist is named only with the scope for watchlists', async () => {
      const { watchlistId } = await uploadCsv(parts, 'suppliers', 'name\nHenan Dingxin\n', {
        organisationId: 'acme',
      });
      const watchlists = [watchlistId];
      const refused = await ask('POST', '/subscriptions', { target: TARGET, watchlists });
      expect([refused.status, refused.body.type]).toEqual([403, '/problems/scope-missing']);
      const { subscriptionId } = await add();
      expect((await ask('PATCH', `/subscriptions/${subscriptionId}`, { watchlists })).status).toBe(403);
      const both = await tokenFor(parts, ['subscriptions', 'watchlists'], { organisationId: 'acme' });
      expect((await ask('PATCH', `/subscriptions/${subscriptionId}`, { watchlists }, both)).status).toBe(200);
    });
  },
);
