import { createInterface } from 'node:readline';
import { Pool } from 'undici';

/** How many requests at once; engineering figures are for 20 connections. */
const CONNECTIONS = 20;

/**
 * A process that asks: each line of its input is a JSON `{ url, requests, headers }`; when all were answered it prints
 * the status of the last answer, its bytes, and how many milliseconds each answer took, with commas between them.
 */
for await (const line of createInterface({ input: process.stdin })) {
  const { url, requests, headers } = JSON.parse(line) as {
    url: string;
    requests: number;
    headers: Record<string, string>;
  };
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: CONNECTIONS });
  let left = requests;
  let last = '';
  const times: string[] = [];
  const lane = async () => {
    while (left > 0) {
      left -= 1;
      const begun = performance.now();
      const { statusCode, body } = await pool.request({ path: pathname, method: 'GET', headers });
      last = `${statusCode} ${(await body.arrayBuffer()).byteLength}`;
      times.push((performance.now() - begun).toFixed(2));
    }
  };
  await Promise.all(Array.from({ length: CONNECTIONS }, lane));
  await pool.close();
  process.stdout.write(`${last} ${times.join()}\n`);
}
