import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { openThread } from '../src/thread.ts';

const MODULE = fileURLToPath(new URL('../src/parser/parser-thread.ts', import.meta.url));
const TIMEOUT_MS = 6_000;

test('a question that cannot be handed to a thread is refused, and the thread lives on', async () => {
  const thread = openThread(MODULE, { memoryMb: 128, timeoutMs: TIMEOUT_MS });
  const good = { name: 'filing', asked: ['', { title: '', type: 'Rule', filedAt: null }] };
  await thread.ask(good);
  await expect(thread.ask(() => {})).rejects.toMatchObject({ name: 'DataCloneError' });
  await sleep(TIMEOUT_MS + 500);
  expect(await thread.ask(good)).toMatchObject({ readable: false });
  await thread.close();
});
