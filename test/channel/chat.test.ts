import { afterEach, describe, expect, test } from 'vitest';
import { ALLOW_NONE, readAllowHosts } from '../../src/channel/address-guard.ts';
import { type ChatKind, createChatChannel, judgeChatTarget } from '../../src/channel/chat.ts';
import { startReceiver } from '../helpers/receiver.ts';

const closers: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

async function sendTo(kind: ChatKind, status: number, text: string, headers: Record<string, string> = {}) {
  const receiver = await startReceiver((response) => response.writeHead(status, headers).end(text));
  const channel = createChatChannel({
    allowHosts: readAllowHosts(['127.0.0.1']),
    userAgent: 'entity-list-watch/test',
    timeoutSeconds: 5,
  });
  closers.push(() => receiver.close());
  closers.push(() => channel.close());
  const url = `${receiver.origin}/services/T0/B0/geheim`;
  const result = await channel.send({ kind, url, payload: '{"text":"x"}' }).catch((error: Error) => error);
  expect(receiver.received.map(({ body }) => body)).toEqual(['{"text":"x"}']);
  expect(String(result)).not.toContain('geheim');
  return result;
}

describe('Slack', () => {
  test('takes a message with "ok"', async () => {
    expect(await sendTo('slack', 200, 'ok')).toEqual({ outcome: '200: ok' });
  });

  test.each([
    [404, 'no_service'],
    [404, 'channel_not_found'],
    [410, 'channel_is_archived'],
    [403, 'action_prohibited'],
    [403, 'invalid_token'],
    [404, ''],
  ])('%i %s is for good', async (status, text) => {
    expect(await sendTo('slack', status, text)).toMatchObject({ code: 'slack-gone', retry: false });
  });

  test('429 says how long to wait', async () => {
    expect(await sendTo('slack', 429, 'rate_limited', { 'retry-after': '30' })).toMatchObject({
      code: 'slack-429',
      retry: true,
      retryAfterSeconds: 30,
    });
  });

  test('a message that it will never take is not sent again', async () => {
    expect(await sendTo('slack', 400, 'invalid_blocks')).toMatchObject({ code: 'slack-400', retry: false });
  });

  test('a page in place of "ok" is no success', async () => {
    expect(await sendTo('slack', 200, '<html>sign in</html>')).toMatchObject({
      code: 'slack-502',
      retry: true,
    });
  });

  test('500 rollup_error and a redirect may pass', async () => {
    expect(await sendTo('slack', 500, 'rollup_error')).toMatchObject({ code: 'slack-500', retry: true });
    expect(await sendTo('slack', 302, '', { location: 'http://169.254.169.254/' })).toMatchObject({
      code: 'slack-302',
      retry: true,
    });
  });
});

describe('Teams', () => {
  test('takes a message with 202, and an office.com connector with 200 and 1', async () => {
    expect(await sendTo('teams', 202, '')).toEqual({ outcome: '202' });
    expect(await sendTo('teams', 200, '1')).toEqual({ outcome: '200: 1' });
  });

  test('a failure that stands in a 200 is a failure', async () => {
    const text =
      'Webhook message delivery failed with error: Microsoft Teams endpoint returned HTTP error 429 with ContextId x';
    expect(await sendTo('teams', 200, text)).toMatchObject({ code: 'teams-429', retry: true });
  });

  test.each([404, 410])('%i is for good', async (status) => {
    expect(await sendTo('teams', status, '{"error":{"code":"WorkflowNotFound"}}')).toMatchObject({
      code: 'teams-gone',
      retry: false,
    });
  });

  test('a workflow that is switched off may be switched on', async () => {
    expect(await sendTo('teams', 400, 'WorkflowTriggerIsNotEnabled')).toMatchObject({
      code: 'teams-400',
      retry: true,
    });
  });

  test('a card above its size is not sent again', async () => {
    expect(await sendTo('teams', 413, '')).toMatchObject({ code: 'teams-413', retry: false });
  });
});

describe('the address of a chat', () => {
  test.each([
    ['slack', 'https://hooks.slack.com/services/T0/B0/key'],
    ['slack', 'https://hooks.slack-gov.com/services/T0/B0/key'],
    ['teams', 'https://prod-186.westus.logic.azure.com:443/workflows/1/triggers/manual/paths/invoke?sig=x'],
    ['teams', 'https://default5c.61.environment.api.powerplatform.com:443/powerautomate/x?sig=y'],
    ['teams', 'https://contoso.webhook.office.com/webhookb2/x'],
  ] as const)('%s: %s', (kind, target) => {
    expect(judgeChatTarget(kind, target, ALLOW_NONE).href).toContain('https://');
  });

  test.each([
    ['slack', 'https://hooks.slack.com.evil.example/services/x'],
    ['slack', 'https://evilhooks.slack.com.example/'],
    ['slack', 'http://hooks.slack.com/services/x'],
    ['slack', 'https://x@hooks.slack.com/services/x'],
    ['slack', 'https://contoso.webhook.office.com/x'],
    ['teams', 'https://logic.azure.com.evil.example/x'],
    ['teams', 'https://evillogic.azure.com/x'],
    ['teams', 'https://hooks.slack.com/services/x'],
  ] as const)('is refused for %s: %s', (kind, target) => {
    expect(() => judgeChatTarget(kind, target, ALLOW_NONE)).toThrow(
      expect.objectContaining({ code: 'invalid-target', retry: false }),
    );
  });

  test('may be another that the operator allows', () => {
    const allow = readAllowHosts(['mattermost.corp.example']);
    expect(judgeChatTarget('slack', 'https://mattermost.corp.example/hooks/x', allow)).toBeInstanceOf(URL);
  });
});
