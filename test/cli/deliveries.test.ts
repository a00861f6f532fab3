import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { App } from '../../src/app.ts';
import { runExportDeliveries } from '../../src/cli/deliveries.ts';
import { createOutput } from '../../src/cli/output.ts';
import type { Parts } from '../../src/parts.ts';
import { renderLedgerPart } from '../../src/render/delivery-ledger.ts';
import { insertDeliveries, recordSent } from '../../src/store/deliveries.ts';
import { openApiParts } from '../helpers/api.ts';
import { backends, type TestDatabase } from '../helpers/databases.ts';
import { runElwatch } from '../helpers/run-elwatch.ts';

const at = (minute: number) => `2025-03-28T14:${String(minute).padStart(2, '0')}:00.000Z`;

describe.each(backends)('the ledger of deliveries, exported from $name', ({ open }) => {
  const folder = mkdtempSync(join(tmpdir(), 'elwatch-ledger-'));
  let database: TestDatabase;
  let parts: Parts;
  const said: unknown[] = [];
  const out = { ...createOutput(true), result: (data: unknown) => void said.push(data) };
  const exportTo = async (name: string, format: 'csv' | 'json', since?: string) => {
    const app = { parts } as unknown as App;
    await runExportDeliveries(app, { format, output: join(folder, name), ...(since ? { since } : {}) }, out);
    return readFileSync(join(folder, name), 'utf8');
  };

  beforeAll(async () => {
    database = await open();
    await database.empty();
    parts = openApiParts(database);
    const row = (n: number, recipient: string) => ({
      deliveryId: `d${n}`,
      kind: 'alert' as const,
      subject: `set-${n}`,
      changeSetId: null,
      subscriptionId: 's1',
      channel: 'email' as const,
      recipient,
      messageId: `<d${n}@example.org>`,
      dueAt: at(n),
      createdAt: at(n),
    });
    await insertDeliveries(parts.db, [
      row(2, '=cmd@example.org'),
      row(1, 'a@example.org'),
      row(30, 'b@example.org'),
    ]);
    await recordSent(parts.db, 'd1', { at: at(3), outcome: '250 OK, "queued"\nas 17' });
  });
  afterAll(async () => {
    await database.close();
    rmSync(folder, { recursive: true, force: true });
  });

  test('holds who was told what, when, by which channel and with what outcome, the oldest first', async () => {
    const rows = parse(await exportTo('all.csv', 'csv'), { columns: true }) as Record<string, string>[];
    expect(rows.map(({ deliveryId, status }) => `${deliveryId} ${status}`)).toEqual([
      'd1 sent',
      'd2 due',
      'd30 due',
    ]);
    expect(rows[0]).toMatchObject({
      recipient: 'a@example.org',
      channel: 'email',
      sentAt: at(3),
      acknowledgedAt: '',
      maybeDuplicate: 'no',
    });
    expect(rows[0]!.outcome).toContain('250 OK, "queued"');
    // A spreadsheet takes no recipient for a formula.
    expect(rows[1]!.recipient).toBe("'=cmd@example.org");
  });

  test('is the same as JSON, line by line', async () => {
    const lines = (await exportTo('all.json', 'json')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line).deliveryId)).toEqual(['d1', 'd2', 'd30']);
    expect(JSON.parse(lines[1]!)).toMatchObject({
      recipient: '=cmd@example.org',
      sentAt: null,
      maybeDuplicate: false,
    });
  });

  test('has a hash beside it that a stranger can check, and that equal ledgers share', async () => {
    await exportTo('once.csv', 'csv');
    await exportTo('again.csv', 'csv');
    const hashes = (said.slice(-2) as { sha256: string }[]).map(({ sha256 }) => sha256);
    expect(hashes[0]).toBe(hashes[1]);
    const check = () =>
      execFileSync('sha256sum', ['--check', 'once.csv.sha256'], { cwd: folder, stdio: 'pipe' });
    expect(String(check())).toContain('OK');
    writeFileSync(join(folder, 'once.csv'), 'changed');
    expect(check).toThrow();
  });

  test('can begin on a day, and writes over no file', async () => {
    expect(await exportTo('later.json', 'json', '2025-03-29')).toBe('');
    await expect(exportTo('later.json', 'json')).rejects.toMatchObject({ code: 'file-exists' });
  });
});

test('parts of an export are one table', () => {
  expect(renderLedgerPart([], 'csv', false)).toBe('');
  expect(renderLedgerPart([], 'csv', true)).toMatch(/^createdAt,deliveryId,/u);
});

test('the command says where the file is and what its hash is', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'elwatch-ledger-'));
  const ran = await runElwatch(['deliveries', 'export', '--output', 'ledger.csv', '--json'], {
    cwd: folder,
    env: { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' },
  });
  expect(ran.code).toBe(0);
  expect(JSON.parse(ran.stdout)).toMatchObject({ file: 'ledger.csv', format: 'csv', deliveries: 0 });
  expect(readFileSync(join(folder, 'ledger.csv.sha256'), 'utf8')).toMatch(/^[0-9a-f]{64} {2}ledger\.csv\n$/u);
  rmSync(folder, { recursive: true, force: true });
});
