import { EventSource } from 'eventsource';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Parts } from '../../../src/parts.ts';
import { openApi, openApiParts, store, storeSample } from '../../helpers/api.ts';
import { backends, type TestDatabase } from '../../helpers/databases.ts';
import { hostileChanges, sampleDocument } from '../../helpers/sample-changes.ts';
import { until } from '../../helpers/until.ts';

interface Heard {
  source: EventSource;
  ids: number[];
  names: string[];
}

describe.each(backends)('the stream of changes on $name', ({ open }) => {
  let database: TestDatabase;
  let parts: Parts;
  let server: FastifyInstance;
  let url: string;
  const listening: EventSource[] = [];

  const listen = (query = '', lastEventId?: string): Heard => {
    const source = new EventSource(`${url}${query}`, {
      fetch: (input, init) =>
        fetch(input, {
          ...init,
          headers: {
            ...init.headers,
            ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }),
          },
        }),
    });
    const heard: Heard = { source, ids: [], names: [] };
    source.addEventListener('change', ({ data, lastEventId: id }) => {
      heard.ids.push(Number(id));
      heard.names.push(JSON.parse(data).name);
    });
    listening.push(source);
    return heard;
  };
  const isOpen = ({ source }: Heard) => until('the stream to open', () => source.readyState === 1);
  const storeMore = () =>
    store(
      parts,
      { changeSetId: 'cs_more', document: sampleDocument({ number: '2025-09999' }) },
      hostileChanges(),
    );
  const allSeqs = async () => {
    const { changes } = (await server.inject('/api/v1/changes?limit=1000')).json();
    return changes.map(({ seq }: { seq: number }) => seq) as number[];
  };

  beforeAll(async () => {
    database = await open();
    parts = openApiParts(database);
  });
  afterAll(() => database.close());
  beforeEach(async () => {
    await database.empty();
    await storeSample(parts);
    server = openApi(parts);
    url = `${await server.listen({ port: 0, host: '127.0.0.1' })}/api/v1/stream`;
  });
  afterEach(async () => {
    for (const source of listening.splice(0)) source.close();
    await server.close();
  });

  test('tells what comes from now on, each change once and in order', async () => {
    const heard = listen();
    await isOpen(heard);
    const before = await allSeqs();
    await storeMore();
    const news = (await allSeqs()).slice(before.length);
    await until('the changes', () => heard.ids.length >= news.length);
    expect(heard.ids).toEqual(news);
  });

  test('tells everything since the last event that a client saw', async () => {
    const seqs = await allSeqs();
    const heard = listen('', String(seqs[2]));
    await until('the missed changes', () => heard.ids.length >= seqs.length - 3);
    await storeMore();
    const all = await allSeqs();
    await until('the new changes', () => heard.ids.length >= all.length - 3);
    expect(heard.ids).toEqual(all.slice(3));
  });

  test('tells only what is asked for', async () => {
    const heard = listen('?after=0&kind=removed,revised');
    await until('two changes', () => heard.ids.length >= 2);
    await storeMore();
    const fence = listen(`?after=${(await allSeqs()).at(-2)}`);
    await until('the last change', () => fence.ids.length === 1);
    expect(heard.names).toEqual(['Aerotechnic France', 'Gone Trading GmbH']);
  });

  test('a client that comes back is told what it missed, by what it sends of itself', async () => {
    const heard = listen('?after=0');
    const seqs = await allSeqs();
    await until('all changes', () => heard.ids.length === seqs.length);
    const { port } = new URL(url);
    await server.close();
    await storeMore();
    server = openApi(parts);
    await server.listen({ port: Number(port), host: '127.0.0.1' });
    const all = await allSeqs();
    await until('what was missed', () => heard.ids.length >= all.length, 20);
    expect(heard.ids).toEqual(all);
  });

  test.each(['x', '-1', '1.5', '1e3'])('refuses the Last-Event-ID %s', async (id) => {
    const answer = await fetch(url, { headers: { 'last-event-id': id } });
    expect([answer.status, ((await answer.json()) as { type: string }).type]).toEqual([
      400,
      '/problems/bad-request',
    ]);
  });

  test('an id ahead of us is refused, because it is of another service', async () => {
    const answer = await fetch(url, { headers: { 'last-event-id': '999999999' } });
    expect(answer.status).toBe(400);
    expect(((await answer.json()) as { detail: string }).detail).toMatch(/ahead of us/u);
  });

  test('one client has twenty open streams at most, and gets room again when it closes one', async () => {
    const open = Array.from({ length: 20 }, () => listen());
    for (const one of open) await isOpen(one);
    const refused = await fetch(url);
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '60']);
    open[0]!.source.close();
    await until('room', async () => {
      const again = new AbortController();
      const { status } = await fetch(url, { signal: again.signal });
      again.abort();
      return status === 200;
    });
  });

  test('closing the server ends open streams', async () => {
    const answer = await fetch(url);
    await server.close();
    expect(await answer.text()).toBe('retry: 5000\n\n');
  });
});
