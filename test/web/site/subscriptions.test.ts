import { createHmac } from 'node:crypto';
import { load } from 'cheerio';
import { beforeEach, describe, expect, test } from 'vitest';
import { deliver } from '../../../src/deliver.ts';
import { notify } from '../../../src/notify.ts';
import { dueDeliveries } from '../../../src/store/deliveries.ts';
import { addSubscription, findSubscription, listSubscriptions } from '../../../src/store/subscriptions.ts';
import { storeSample } from '../../helpers/api.ts';
import { backends } from '../../helpers/databases.ts';
import { useMailPages } from '../../helpers/mail-pages.ts';

describe.each(backends)('the page of subscriptions on $name', ({ open }) => {
  const pages = useMailPages(open);
  beforeEach(() => storeSample(pages.parts));

  /** Fills the form of the page in as a browser without a script does. */
  const choose = (fields: Record<string, string | string[]>) => {
    const query = new URLSearchParams({
      chosen: '1',
      minimumCount: '1',
      mode: 'immediate',
      dateLanguage: 'en',
    });
    for (const [name, values] of Object.entries({
      lists: ['entity-list'],
      kinds: ['added', 'revised', 'removed'],
      notices: ['provisional'],
      ...fields,
    })) {
      query.delete(name);
      for (const value of [values].flat()) query.append(name, value);
    }
    return query;
  };
  const post = (url: string, form: URLSearchParams) =>
    pages.server.inject({
      method: 'POST',
      url,
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: form.toString(),
    });
  async function sendDue() {
    for (const { deliveryId } of await dueDeliveries(pages.parts.db, pages.parts.now(), 100))
      await deliver(pages.parts, deliveryId);
  }

  test('shows the exact mail and payload that the last rule would have made', async () => {
    const query = choose({ destinations: 'PK' });
    const answer = await pages.server.inject(`/subscriptions?${query}`);
    expect(answer.statusCode).toBe(200);
    const $ = load(answer.body);
    expect($('#results [role=status]').text()).toContain('under Pakistan');
    // What a subscriber with these settings does get:
    await addSubscription(pages.parts.db, {
      ...{ target: 'you@example.org', createdAt: pages.parts.now() },
      filter: {
        ...{ lists: ['entity-list'], countries: ['PK'], kinds: [], minimumCount: 1 },
        ...{ keywords: [], watchlists: [] },
      },
    });
    const told = await notify(pages.parts, 'cs_2025-05426_1');
    expect(told).toHaveLength(1);
    await sendDue();
    const mail = pages.sink.received[0]!.mail;
    const text = $('details pre').first().text();
    expect($('details summary').first().text()).toBe(`The mail: ${mail.subject}`);
    // But for the links that are the reader's own, line by line.
    const lines = (of: string) =>
      of.split('\n').filter((line) => line.trim() !== '' && !/https?:\/\/|Preferences|read it/u.test(line));
    expect(lines(text)).toEqual(lines(mail.text!).slice(0, lines(text).length));
    expect(JSON.parse($('details pre').eq(2).text())).toMatchObject({ type: expect.any(String) });
    const html = await pages.server.inject($('details a').first().attr('href')!);
    expect(html.headers['content-security-policy']).toContain('sandbox');
    expect(html.body).toContain('Brave Tech');
  });

  test('builds a webhook: its bytes, headers and a signature that its sample secret made', async () => {
    const $ = load(
      (await pages.server.inject(`/subscriptions?${choose({ destinations: 'PK' })}&by=webhook`)).body,
    );
    const open = $('details[open] summary');
    expect(open.text()).toBe('The payload of the webhook');
    const said = Object.fromEntries(
      $('#headers')
        .text()
        .split('\n')
        .map((line) => line.split(': ') as [string, string]),
    );
    const payload = await pages.server.inject($('a[href^="/subscriptions/payload.json"]').attr('href')!);
    const { 'content-type': type, ...signature } = said;
    expect(type).toBe('application/json');
    expect(Object.keys(signature)).toHaveLength(3);
    expect(payload.headers).toMatchObject(signature);
    expect(JSON.stringify(JSON.parse(payload.body))).toBe(
      JSON.stringify(JSON.parse($('details[open] pre').last().text())),
    );
    // As a receiver checks it, by the standard and without our code.
    const secret = Buffer.from($('details[open] code').text().replace('whsec_', ''), 'base64');
    const signed = `${said['webhook-id']}.${said['webhook-timestamp']}.${payload.body}`;
    expect(said['webhook-signature']).toBe(
      `v1,${createHmac('sha256', secret).update(signed).digest('base64')}`,
    );
    expect(load((await pages.server.inject('/subscriptions')).body)('details[open] summary').text()).toMatch(
      /^The mail: /u,
    );
  });

  test('subscribes with what was chosen, which the question of the mail says', async () => {
    const page = await pages.server.inject(
      `/subscriptions?${choose({ destinations: 'CN, HK', keywords: 'inspur' })}`,
    );
    const $ = load(page.body);
    const form = new URLSearchParams();
    for (const one of $('form[action="/subscribe"] input').toArray())
      form.append($(one).attr('name')!, $(one).attr('value') ?? '');
    form.set('email', 'ana@example.org');
    expect((await post('/subscribe', form)).statusCode).toBe(202);
    const [asked] = await listSubscriptions(pages.parts.db);
    expect(asked).toMatchObject({
      status: 'unconfirmed',
      filter: { countries: ['CN', 'HK'], keywords: ['inspur'], lists: ['entity-list'] },
      notices: { provisional: true, held: false, quietDays: false },
    });
    await sendDue();
    expect(pages.sink.received[0]!.mail.text).toMatch(
      /What\s+was\s+chosen:[\s\S]*under\s+China\s+and\s+Hong\s+Kong/u,
    );
  });

  test('keeps what was chosen where only the address was wrong', async () => {
    const form = choose({ destinations: 'TW', kinds: ['added'] });
    form.set('email', 'ana@example');
    const refused = await post('/subscribe', form);
    expect(refused.statusCode).toBe(422);
    const $ = load(refused.body);
    const again = new URLSearchParams();
    for (const one of $('form[action="/subscribe"] input').toArray())
      again.append($(one).attr('name')!, $(one).attr('value') ?? '');
    again.set('email', 'ana@example.org');
    expect((await post('/subscribe', again)).statusCode).toBe(202);
    const [asked] = await listSubscriptions(pages.parts.db);
    expect(asked!.filter).toMatchObject({ countries: ['TW'], kinds: ['added'] });
    // The way back shows the same choice.
    const back = await pages.server.inject($('main a[href^="/subscriptions?"]').attr('href')!);
    expect(load(back.body)('#destinations').val()).toBe('TW');
  });

  test('leaves a subscription that is active as it is, whoever fills the form in', async () => {
    const { subscriptionId } = await addSubscription(pages.parts.db, {
      ...{ organisationId: 'public', target: 'ana@example.org', createdAt: pages.parts.now() },
      filter: { lists: [], countries: ['DE'], kinds: [], minimumCount: 1, keywords: [], watchlists: [] },
    });
    const form = choose({ destinations: 'CN' });
    form.set('email', 'ana@example.org');
    expect((await post('/subscribe', form)).statusCode).toBe(202);
    expect((await findSubscription(pages.parts.db, subscriptionId))!.filter.countries).toEqual(['DE']);
  });

  test.each([
    ['destinations', 'ATLANTIS', '“ATLANTIS” is no destination that we know: give a name such as China'],
    ['destinations', 'Congo', '“Congo” may be more than one destination'],
    ['minimumCount', '0', 'The number of changes must be a whole number from 1 to 10,000.'],
    ['keywords', 'x', 'Each keyword must have 2 to 80 characters.'],
    ['lists', [], 'Choose at least one list.'],
    ['kinds', [], 'Choose at least one kind of change.'],
  ])(
    'says in a sentence beside %s what is wrong with %j, and keeps what was chosen',
    async (name, value, words) => {
      const answer = await pages.server.inject(`/subscriptions?${choose({ [name]: value })}`);
      expect(answer.statusCode).toBe(422);
      const $ = load(answer.body);
      expect($('[role=alert]').text()).toContain(words);
      expect($(`#${name}-fault`).text()).toContain(words);
      expect($(`[aria-describedby=${name}-fault]`).attr('aria-invalid')).toBe('true');
      expect(answer.body).not.toMatch(/[a-z]\.\d+: /u);
      if (typeof value === 'string') expect($(`[name=${name}]`).val()).toBe(value);
      const form = choose({ [name]: value });
      form.set('email', 'ana@example.org');
      const refused = await post('/subscribe', form);
      expect(refused.statusCode).toBe(422);
      // It is not the address that is wrong.
      expect(load(refused.body)('[role=alert]').text()).toContain(words);
      expect(load(refused.body)('#email').attr('aria-invalid')).toBeUndefined();
      expect(await listSubscriptions(pages.parts.db)).toEqual([]);
    },
  );

  test('takes destinations by the names that people and the lists have for them', async () => {
    const form = choose({ destinations: 'China, UAE, Hong Kong; KOREA, SOUTH; Crimea region, ru' });
    const page = load((await pages.server.inject(`/subscriptions?${form}`)).body);
    expect(page('#results [role=status]').text()).toMatch(/under China, .*UAE.*Hong Kong/u);
    form.set('email', 'ana@example.org');
    expect((await post('/subscribe', form)).statusCode).toBe(202);
    const [asked] = await listSubscriptions(pages.parts.db);
    expect(asked!.filter.countries).toEqual(['CN', 'AE', 'HK', 'KR', 'UA-43', 'RU']);
  });

  test('says so where no rule meets it yet', async () => {
    const answer = await pages.server.inject(`/subscriptions?${choose({ destinations: 'JP' })}`);
    expect(answer.body).toContain('No rule that we know meets it yet');
    expect(
      (await pages.server.inject(`/subscriptions/mail?${choose({ destinations: 'JP' })}`)).statusCode,
    ).toBe(404);
  });

  test('begins with what a link of another page chose', async () => {
    const answer = await pages.server.inject(
      '/subscriptions?destination=CN&keywords=Inspur+%3Cb%3E&list=entity-list',
    );
    const $ = load(answer.body);
    expect($('#keywords').val()).toBe('Inspur <b>');
    expect($('#destinations').val()).toBe('CN');
    expect(answer.body).not.toContain('<b>');
  });

  test('the private page of a subscription shows what was sent, and sends a test once a minute', async () => {
    const subscription = await addSubscription(pages.parts.db, {
      ...{ target: 'ana@example.org', createdAt: pages.parts.now() },
      filter: { lists: [], countries: [], kinds: [], minimumCount: 1, keywords: [], watchlists: [] },
    });
    await notify(pages.parts, 'cs_2025-05426_1');
    await sendDue();
    const path = /\/preferences\/[\w.-]+/u.exec(pages.sink.received[0]!.mail.text!)![0];
    const $ = load((await pages.server.inject(path)).body);
    expect($('tbody tr').text()).toContain('Alert');
    expect($('tbody tr a').attr('href')).toBe('/changes/cs_2025-05426_1');
    const first = await post(`${path}/test`, new URLSearchParams());
    expect(first.body).toContain('A test message is on its way');
    expect(pages.sink.received.at(-1)!.mail.subject).toContain('This is a test');
    expect(pages.sink.received.at(-1)!.to).toEqual([subscription.target]);
    expect((await post(`${path}/test`, new URLSearchParams())).statusCode).toBe(429);
    expect(pages.sink.received).toHaveLength(2);
  });
});
