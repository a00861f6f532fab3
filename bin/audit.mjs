// Asks the registry for known weaknesses of the packages that run (`npm audit`), and fails where there is one. Not
// every registry answers that question (a mirror often refuses it): then it says so and exits with 75, so that a
// question that nobody answered is never taken for a clean answer.
import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const NOT_ASKED = 75;

/** Words of the registry on one line, without what a terminal would obey. */
const clean = (text) =>
  String(text)
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .slice(0, 300);

/** The report of `npm audit --json`, or null where npm printed something else. */
function readReport(text) {
  try {
    const report = JSON.parse(text);
    return typeof report.vulnerabilities === 'object' && report.vulnerabilities !== null ? report : null;
  } catch {
    return null;
  }
}

const { stdout, stderr } = spawnSync('npm', ['audit', '--omit=dev', '--package-lock-only', '--json'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 64 * 2 ** 20,
  shell: process.platform === 'win32',
});
const report = readReport(stdout ?? '');
if (report === null) {
  const why = /^npm (?:warn audit|error) (.*)$/mu.exec(stderr ?? '')?.[1] ?? 'npm audit gave no report';
  process.stderr.write(
    `Not asked: the registry does not say which packages have known weaknesses (${clean(why.replace(/ - .*$/u, ''))}).\n` +
      'Run this again with a registry that answers, at the latest before a release.\n',
  );
  process.exit(NOT_ASKED);
}
const found = Object.values(report.vulnerabilities);
for (const { name, severity, range, via = [], fixAvailable } of found) {
  const titles = via.filter((one) => typeof one === 'object').map(({ title, url }) => `${title} (${url})`);
  const through = via.filter((one) => typeof one === 'string');
  const cause = titles.length > 0 ? titles.join('; ') : `through ${through.join(', ')}`;
  const said = [`${severity}: ${name} ${range}: ${cause}`, ...(fixAvailable ? ['an update mends it'] : [])];
  process.stdout.write(`${said.map(clean).join('; ')}\n`);
}
if (found.length === 0) process.stdout.write('No package that runs has a known weakness.\n');
process.exit(found.length === 0 ? 0 : 1);
