import { findChromium, installChromium } from './chromium.ts';
import { answersPostgres, answersRedis } from './databases.ts';

/** Runs once before all tests: one line for each server or program whose tests are left out. */
export default async function sayWhatIsLeftOut(): Promise<void> {
  if (!(await answersPostgres()))
    console.log('PostgreSQL does not answer on 127.0.0.1:5432: its tests are left out');
  if (!(await answersRedis())) console.log('Redis does not answer on 127.0.0.1:6379: its tests are left out');
  if (findChromium() === null) installChromium();
  if (findChromium() === null)
    console.log(
      'There is no Chromium: the browser tests are left out. Debian has it: apt-get install chromium',
    );
}
