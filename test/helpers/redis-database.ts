import { randomBytes } from 'node:crypto';
import { Redis } from 'ioredis';

/**
 * A numbered database of Redis that nobody uses, for processes whose queues have no prefix of their own. `forget`
 * empties it.
 */
export async function openRedisDatabase(url: string): Promise<{ url: string; forget(): Promise<void> }> {
  for (let number = 15; number > 0; number -= 1) {
    const redis = new Redis(`${url}/${number}`);
    // A mark that only one of us can set.
    const isOurs =
      (await redis.dbsize()) === 0 &&
      (await redis.setnx('elwatch-test', randomBytes(8).toString('hex'))) === 1;
    if (isOurs)
      return {
        url: `${url}/${number}`,
        forget: async () => {
          await redis.flushdb();
          redis.disconnect();
        },
      };
    redis.disconnect();
  }
  throw new Error('all numbered databases of Redis are in use');
}
