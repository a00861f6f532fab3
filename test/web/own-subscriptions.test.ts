import { load } from 'cheerio';
import { beforeEach, describe, expect, test } from 'vitest';
import { addSubscription, setSubscriptionStatus } from '../../src/store/subscriptions.ts';
import { tokenFor } from '../helpers/api.ts';
import { type Browser, bareToken, openBrowser } from '../helpers/browser.ts';
import { backends } from '../helpers/databases.ts';
import { useMailPages } from '../helpers/mail-pages.ts';

describe.each(backends)('the subscriptions of an organisation on $name', ({ open }) => {
  const pages = useMailPages(open);
  let browser: Browser;
  beforeEach(() => {
    browser = openBrowser(() => pages.server);
  });

  const add = async (organisationId: string, target: string) =>
    (
      await addSubscription(pages.parts.db, {
        ...{ organisationId, target, createdAt: pages.parts.now() },
        filter: { lists: [], countries: ['CN'], kinds: [], minimumCount: 1, keywords: [], watchlists: [] },
      })
    ).subscriptionId;
  const signIn = async (scopes: ('subscriptions' | 'read')[] = ['subscriptions']) =>
    browser.signIn(bareToken(await tokenFor(pages.parts, scopes, { organisationId: 'acme' })));

  test('are shown to who signed in, those of nobody else', async () => {
    expect((await browser.get('/subscriptions/own')).statusCode).toBe(303);
    await signIn();
    expect((await browser.get('/subscriptions/own')).body).toContain('There are none yet.');
    await add('acme', 'desk@acme.example');
    const others = await add('operator', 'desk@others.example');
    const $ = load((await browser.get('/subscriptions/own')).body);
    expect($('tbody th').text()).toBe('desk@acme.example');
    expect($('td[data-head=What]').text()).toContain('under China, at once');
    expect((await browser.get(`/subscriptions/own/${others}`)).statusCode).toBe(404);
    expect((await browser.send(`/subscriptions/own/${others}/test`)).statusCode).toBe(404);
    expect(pages.sink.received).toEqual([]);
  });

  test('get a test message, whose outcome stands in the log', async () => {
    await signIn();
    const id = await add('acme', 'desk@acme.example');
    const answer = await browser.send(`/subscriptions/own/${id}/test`);
    expect(answer.statusCode).toBe(200);
    expect(pages.sink.received.map(({ to }) => to)).toEqual([['desk@acme.example']]);
    const $ = load(answer.body);
    expect($('[role=status]').text()).toContain('The test message was taken');
    expect($('tbody tr').text()).toContain('Test message');
    await setSubscriptionStatus(pages.parts.db, id, 'paused', 'asked to');
    expect((await browser.send(`/subscriptions/own/${id}/test`)).statusCode).toBe(409);
    expect(pages.sink.received).toHaveLength(1);
  });

  test('need the scope for subscriptions', async () => {
    await signIn(['read']);
    expect((await browser.get('/subscriptions/own')).statusCode).toBe(403);
  });
});
