import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { easternDay } from '../src/days.ts';
import { startStandIn } from '../src/demo/stand-in.ts';
import { added, firms } from './helpers/audit-setting.ts';
import { runElwatch } from './helpers/run-elwatch.ts';
import { makeSmallRule } from './helpers/small-rule.ts';
import { writeSupplement } from './helpers/write-supplement.ts';

const temporary = mkdtempSync(join(tmpdir(), 'elwatch-audit-cli-'));
const bare = { PATH: process.env.PATH ?? '', HOME: process.env.HOME ?? '' };

afterAll(() => rmSync(temporary, { recursive: true, force: true }));

const run = (args: string[], environment: Record<string, string> = {}) =>
  runElwatch(args, { cwd: temporary, env: { ...bare, ...environment } });

// A dozen processes, one after the other.
test('elwatch audit and elwatch ledger tell what differs, by rule and by day', {
  timeout: 240_000,
}, async () => {
  const baseline = firms(120);
  const today = easternDay(new Date().toISOString());
  const adds = ['Beta Ltd.', 'Gamma Ltd.', 'Delta Ltd.'];
  const upstream = await startStandIn({
    documents: [makeSmallRule({ publishedOn: today, adds })],
    supplements: [{ list: 'entity-list', from: '2025-01-02', xml: writeSupplement('entity-list', baseline) }],
    today,
  });
  try {
    const environment = {
      DATA_DIR: join(temporary, 'data'),
      FEDERAL_REGISTER_URL: upstream.url,
      ECFR_URL: upstream.url,
      GOVINFO_URL: upstream.url,
      CSL_URL: upstream.url,
    };
    const tell = async (...args: string[]) => {
      const ran = await run([...args, '--json'], environment);
      return { ...ran, said: JSON.parse(ran.stdout) };
    };
    expect(await run(['audit'], environment)).toMatchObject({
      code: 1,
      stderr: expect.stringContaining('no-baseline'),
    });
    expect(await tell('baseline', '2025-01-03')).toMatchObject({ said: { entries: 120 } });
    expect((await run(['ledger'], environment)).stdout).toContain('No audit has a line yet');
    expect(await tell('ingest', '2031-00001')).toMatchObject({
      said: { documents: [{ outcome: 'applied' }] },
    });

    // The rule of today is nowhere yet: that is no fault.
    upstream.screened = baseline;
    const lag = await tell('audit');
    expect(lag).toMatchObject({ code: 0, stderr: '' });
    expect(lag.said).toMatchObject({
      ok: true,
      runs: [
        { source: 'ecfr', list: 'entity-list', outcome: 'lag', rows: 120, sourceOn: today },
        {
          ...{ source: 'csl', outcome: 'lag', counts: { missingThere: 3, explained: 3 }, findings: [] },
          ledger: [{ number: '2031-00001', ours: 3, there: 0, words: '3 of 3 not yet in the CSL, day 0' }],
        },
      ],
    });

    upstream.screened = [...baseline.slice(1), ...added(adds.slice(0, 2))];
    const drift = await run(['audit', '--source', 'csl', '--list', 'entity-list'], environment);
    expect(drift.code).toBe(1);
    expect(drift.stdout).toContain('1 of 3 not yet in the CSL, day 0');
    expect(drift.stdout).toMatch(
      /drift-missing-there\S* {2}the CSL of .* lacks “Firm 001 Works” under CHINA/u,
    );
    expect(drift.stdout).not.toContain('eCFR');
    expect((await tell('issues')).said.issues).toMatchObject([{ code: 'drift-missing-there', holds: false }]);

    upstream.screened = baseline.slice(60);
    const refused = await run(['audit', '--source', 'csl'], environment);
    expect([refused.code, refused.stdout]).toEqual([1, expect.stringContaining('source-shrank')]);
    const accepted = await tell('audit', '--source', 'csl', '--accept-shrink');
    expect(accepted).toMatchObject({ code: 1, said: { ok: false, runs: [{ outcome: 'drift', rows: 60 }] } });

    const { lines } = (await tell('ledger', '--document', '2031-00001')).said;
    expect(lines.map(({ source, there }: { source: string; there: number }) => `${source} ${there}`)).toEqual(
      [...['csl 0', 'csl 2', 'csl 0', 'ecfr 0']],
    );
    expect(lines[1]).toMatchObject({
      ...{ sourceOn: today, publishedOn: today, day: 0, missing: ['Delta Ltd.'] },
      words: '1 of 3 not yet in the CSL, day 0',
    });
    expect((await run(['ledger'], environment)).stdout).toContain('3 of 3 not yet in eCFR, day 0');
    expect((await tell('ledger', '--document', '2031-99999')).said.lines).toEqual([]);
    expect((await run(['audit', '--source', 'sdn'], environment)).code).toBe(2);
  } finally {
    await upstream.close();
  }
});
