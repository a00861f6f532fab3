import { load } from 'cheerio';
import { beforeEach, describe, expect, test } from 'vitest';
import { insertDeliveries } from '../../src/store/deliveries.ts';
import { newDelivery } from '../../src/store/new-delivery.ts';
import {
  addSubscription,
  findSubscription,
  listSubscriptions,
  setSubscriptionStatus,
} from '../../src/store/subscriptions.ts';
import { suppressAddress } from '../../src/store/suppressed-addresses.ts';
import { ADMIN_TOKEN, tokenFor } from '../helpers/api.ts';
import { type Browser, bareToken, openBrowser } from '../helpers/browser.ts';
import { backends } from '../helpers/databases.ts';
import { useMailPages } from '../helpers/mail-pages.ts';
import { startReceiver } from '../helpers/receiver.ts';

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
    const anew = await browser.get(`/subscriptions/own/${id}/test`);
    expect([anew.statusCode, anew.headers.location]).toEqual([303, `/subscriptions/own/${id}`]);
    expect(answer.statusCode).toBe(200);
    expect(pages.sink.received.map(({ to }) => to)).toEqual([['desk@acme.example']]);
    const $ = load(answer.body);
    expect($('[role=status]').text()).toContain('The test message was taken');
    expect($('tbody tr').text()).toContain('Test message');
    await setSubscriptionStatus(pages.parts.db, id, 'paused', 'asked to');
    expect((await browser.send(`/subscriptions/own/${id}/test`)).statusCode).toBe(409);
    expect(pages.sink.received).toHaveLength(1);
  });

  const statusOf = async (id: string) => (await findSubscription(pages.parts.db, id))?.status;
  /** Sends a form that stands on a page, with its mark. */
  async function press(url: string, action: string) {
    const $ = load((await browser.get(url)).body);
    const form = $(`form[action="${action}"]`);
    expect(form).toHaveLength(1);
    return browser.post(action, { csrf: form.find('[name=csrf]').attr('value')! });
  }

  test('are paused, resumed and ended by buttons; ending asks first', async () => {
    await signIn();
    const id = await add('acme', 'desk@acme.example');
    const url = `/subscriptions/own/${id}`;
    const paused = await press(url, `${url}/pause`);
    expect([paused.statusCode, paused.headers.location]).toEqual([303, `${url}?done=paused`]);
    expect(await statusOf(id)).toBe('paused');
    const $ = load((await browser.get(`${url}?done=paused`)).body);
    expect($('[role=status]').text()).toContain('It is paused');
    expect($(`form[action="${url}/test"], form[action="${url}/pause"]`)).toHaveLength(0);
    const resumed = await press(url, `${url}/resume`);
    expect(resumed.headers.location).toBe(`${url}?done=resumed`);
    expect(await statusOf(id)).toBe('active');

    const asked = load((await browser.get(url)).body)(`a[href="${url}/end"]`);
    expect(asked).toHaveLength(1);
    expect(load((await browser.get(`${url}/end`)).body)('main').text()).toContain('desk@acme.example');
    expect(await statusOf(id)).toBe('active');
    const ended = await press(`${url}/end`, `${url}/end`);
    expect(ended.headers.location).toBe('/subscriptions/own?done=ended');
    expect((await browser.get(String(ended.headers.location))).body).toContain(
      'The subscription is removed.',
    );
    expect(await statusOf(id)).toBeUndefined();
    expect((await browser.get(url)).statusCode).toBe(404);
  });

  test.each([
    ['its reader', { status: 'paused', by: 'reader', suppressed: false }],
    ['a bounce', { status: 'disabled', by: 'service', suppressed: false }],
    ['a complaint of its address', { status: 'paused', by: 'owner', suppressed: true }],
  ] as const)('that %s ended are resumed by no token', async (_who, { status, by, suppressed }) => {
    for (const token of ['an organisation', 'the operator']) {
      const isOperator = token === 'the operator';
      if (isOperator) await browser.signIn(ADMIN_TOKEN);
      else await signIn();
      const target = `${isOperator ? 'b' : 'a'}@acme.example`;
      const id = await add(isOperator ? 'operator' : 'acme', target);
      await setSubscriptionStatus(pages.parts.db, id, status, 'ended', by);
      if (suppressed)
        await suppressAddress(pages.parts.db, target, { reason: 'complaint', now: pages.parts.now() });
      const url = `/subscriptions/own/${id}`;
      if (!suppressed)
        expect(load((await browser.get(url)).body)(`form[action="${url}/resume"]`)).toHaveLength(0);
      const answer = await browser.send(`${url}/resume`);
      expect(answer.statusCode).toBe(409);
      expect(load(answer.body)('[role=status]').text()).toContain('Only its reader can begin it again');
      expect((await browser.send(`${url}/pause`)).statusCode).toBe(409);
      expect(await statusOf(id)).toBe(suppressed ? 'disabled' : status);
    }
  });

  test('are nothing that others, or forms without the mark of the session, can change', async () => {
    await signIn();
    const own = await add('acme', 'desk@acme.example');
    const others = await add('operator', 'desk@others.example');
    for (const what of ['pause', 'resume', 'end']) {
      expect((await browser.post(`/subscriptions/own/${own}/${what}`, {})).statusCode).toBe(403);
      expect((await browser.send(`/subscriptions/own/${others}/${what}`)).statusCode).toBe(404);
    }
    expect((await browser.get(`/subscriptions/own/${others}/end`)).statusCode).toBe(404);
    expect([await statusOf(own), await statusOf(others)]).toEqual(['active', 'active']);
  });

  test('are made by a form with what was chosen; the secret is shown once, and a test goes out', async () => {
    const receiver = await startReceiver();
    const { parts } = pages;
    try {
      await signIn();
      const chosen = '/subscriptions?chosen=1&lists=entity-list&kinds=added&minimumCount=2&mode=immediate';
      const $ = load(
        (await browser.get(`${chosen}&dateLanguage=en&destinations=China,+UAE&by=webhook`)).body,
      );
      const path = $('a.button[href^="/subscriptions/own/new"]').attr('href')!;
      const page = load((await browser.get(path)).body);
      expect(page('main').text()).toContain('China');
      expect(page('#channel').val()).toBe('webhook');
      const form = page('form[action="/subscriptions/own/new"]');
      const fields = Object.fromEntries(form.serializeArray().map(({ name, value }) => [name, value]));
      for (const [target, said] of [
        ['nonsense', 'nonsense'],
        ['http://10.0.0.1/hook', ''],
      ] as const) {
        const refused = await browser.post('/subscriptions/own/new', { ...fields, target });
        expect(refused.statusCode).toBe(422);
        expect(load(refused.body)('[role=alert]').text().length).toBeGreaterThan(10);
        expect(load(refused.body)('#target').val()).toContain(said);
      }
      expect(await listSubscriptions(parts.db)).toEqual([]);
      const target = `${receiver.origin}/hook`;
      const { csrf: _, ...unmarked } = fields;
      expect((await browser.post('/subscriptions/own/new', { ...unmarked, target })).statusCode).toBe(403);
      const made = await browser.post('/subscriptions/own/new', { ...fields, target });
      expect([made.statusCode, made.headers['cache-control']]).toEqual([201, 'no-store']);
      const secret = load(made.body)('#secret').text();
      expect(secret).toMatch(/^whsec_/u);
      const [row] = await listSubscriptions(parts.db);
      expect(row).toMatchObject({
        ...{ channel: 'webhook', organisationId: 'acme', status: 'active' },
        filter: { lists: ['entity-list'], countries: ['CN', 'AE'], kinds: ['added'], minimumCount: 2 },
      });
      const own = `/subscriptions/own/${row!.subscriptionId}`;
      expect(load(made.body)(`form[action="${own}/test"]`)).toHaveLength(1);
      expect((await browser.get(own)).body).not.toContain(secret);
      const tried = await browser.post(`${own}/test`, { csrf: fields.csrf! });
      expect(load(tried.body)('[role=status]').text()).toContain('The test message was taken');
      expect(receiver.received.map(({ path: at }) => at)).toEqual(['/hook']);
      expect(receiver.received[0]!.headers['webhook-signature']).toMatch(/^v1,/u);
      // The same once more is refused in a sentence.
      const again = await browser.post('/subscriptions/own/new', { ...fields, target });
      expect([again.statusCode, load(again.body)('[role=alert]').text()]).toEqual([
        422,
        expect.stringContaining('is subscribed already'),
      ]);
    } finally {
      await receiver.close();
    }
  });

  test('by mail are asked for by whoever reads it, whatever token signed in', async () => {
    await browser.signIn(ADMIN_TOKEN);
    const form = load((await browser.get('/subscriptions/own/new')).body)(
      'form[action="/subscriptions/own/new"]',
    );
    const fields = Object.fromEntries(form.serializeArray().map(({ name, value }) => [name, value]));
    const made = await browser.send(
      '/subscriptions/own/new',
      {},
      {
        ...fields,
        channel: 'email',
        target: 'ana@example.org',
      },
    );
    expect([made.statusCode, load(made.body)('[role=status]').text()]).toEqual([
      201,
      expect.stringContaining('whether alerts are wanted'),
    ]);
    expect((await listSubscriptions(pages.parts.db))[0]!.status).toBe('unconfirmed');
  });

  test('have a log in pages', async () => {
    await signIn();
    const id = await add('acme', 'desk@acme.example');
    const subscription = (await findSubscription(pages.parts.db, id))!;
    await insertDeliveries(
      pages.parts.db,
      Array.from({ length: 35 }, (_, at) =>
        newDelivery(
          subscription,
          { kind: 'test', subject: `test ${at}` },
          pages.parts.baseUrl,
          pages.parts.now(),
        ),
      ),
    );
    const first = load((await browser.get(`/subscriptions/own/${id}`)).body);
    expect(first('tbody tr')).toHaveLength(30);
    const next = first('nav[aria-label="Pages of what was sent"] a').last();
    expect(next.text()).toBe('Next');
    const second = load((await browser.get(next.attr('href')!.replace('#log', ''))).body);
    expect(second('tbody tr')).toHaveLength(5);
  });

  test('are kept by no cache, on any of their pages', async () => {
    await signIn();
    const id = await add('acme', 'desk@acme.example');
    for (const path of ['', `/${id}`, `/${id}/end`, '/no-such'])
      expect((await browser.get(`/subscriptions/own${path}`)).headers['cache-control']).toBe('no-store');
    for (const path of ['/sign-in', '/screening'])
      expect((await browser.get(path)).headers['cache-control']).toBe('no-store');
  });

  test('need the scope for subscriptions', async () => {
    await signIn(['read']);
    expect((await browser.get('/subscriptions/own')).statusCode).toBe(403);
  });
});
