// Runs `npm ci` where node_modules is not what package-lock.json asks for, and nothing otherwise.
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));

function readPackages(path) {
  try {
    const { packages } = JSON.parse(readFileSync(join(root, path), 'utf8'));
    delete packages[''];
    return packages;
  } catch {
    return null;
  }
}

/** npm keeps what it installed in node_modules/.package-lock.json; optional packages of other systems are missing there. */
function isInstalled(wanted, installed) {
  if (wanted === null || installed === null) return false;
  for (const [path, of] of Object.entries(wanted)) {
    const there = installed[path];
    if (there ? there.version !== of.version || there.integrity !== of.integrity : !of.optional && !of.peer)
      return false;
  }
  return Object.keys(installed).every((path) => path in wanted);
}

if (!isInstalled(readPackages('package-lock.json'), readPackages('node_modules/.package-lock.json'))) {
  process.stderr.write('Installing the packages of package-lock.json (npm ci); this is needed once.\n');
  // Install scripts are not needed: every package that has one also works without.
  const { status } = spawnSync(
    'npm',
    ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    {
      cwd: root,
      stdio: ['ignore', 2, 2],
      shell: process.platform === 'win32',
    },
  );
  if (status !== 0) {
    process.stderr.write(
      'npm ci failed (see above); check the network and the registry, then run this again\n',
    );
    process.exit(1);
  }
}
