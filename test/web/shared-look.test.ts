import { expect, test } from 'vitest';
import { shareLooks } from '../../src/web/shared-look.ts';

test('who asks while a look is under way waits for the next, which all of them share', async () => {
  const ends: (() => void)[] = [];
  let world = 'old';
  const look = shareLooks(async () => {
    const seen = world;
    await new Promise<void>((end) => ends.push(end));
    return seen;
  });
  const first = look();
  await expect.poll(() => ends.length).toBe(1);
  world = 'new';
  const later = [look(), look(), look()];
  ends[0]!();
  expect(await first).toBe('old');
  await expect.poll(() => ends.length).toBe(2);
  ends[1]!();
  expect(await Promise.all(later)).toEqual(['new', 'new', 'new']);
  expect(ends).toHaveLength(2);
});

test('a look that fails fails for those who shared it, and not for the next', async () => {
  let looks = 0;
  const look = shareLooks(async () => {
    looks += 1;
    if (looks === 1) throw new Error('no answer');
    return looks;
  });
  const shared = await Promise.allSettled([look(), look()]);
  expect(shared.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await look()).toBe(2);
});
