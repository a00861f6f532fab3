import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach } from 'vitest';
import type { Parts } from '../../src/parts.ts';
import { openApi } from './api.ts';
import type { TestDatabase } from './databases.ts';
import { type MailSetting, openMailSetting } from './mail-setting.ts';
import { type SmtpSink, startSmtpSink } from './smtp-sink.ts';

/** A web server over a store that is empty at each test, with mail that goes to a real server. */
export interface MailPages {
  sink: SmtpSink;
  setting: MailSetting;
  parts: Parts;
  server: FastifyInstance;
}

/** Registers what opens and closes it around the tests of a `describe`; its parts are there while they run. */
export function useMailPages(open: () => Promise<TestDatabase>): MailPages {
  const pages = {} as MailPages;
  let database: TestDatabase;
  beforeAll(async () => {
    database = await open();
    pages.sink = await startSmtpSink();
  });
  afterAll(async () => {
    await database.close();
    await pages.sink.close();
  });
  beforeEach(async () => {
    await database.empty();
    pages.sink.received.length = 0;
    pages.setting = openMailSetting(database, Number(new URL(pages.sink.url).port));
    pages.parts = pages.setting.parts;
    pages.server = openApi(pages.parts);
  });
  afterEach(async () => {
    await pages.server.close();
    await pages.setting.close();
  });
  return pages;
}
