// Run after `npm install`: enters the optional packages of other systems that package-lock.json lacks.
// A registry mirror that does not carry them leaves them out, and `npm ci` then refuses the file everywhere.
import { readFileSync, writeFileSync } from 'node:fs';

const path = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(path, 'utf8'));

/** System and processor as the names of such packages end: "…-linux-x64-musl". */
function readSystem(name) {
  const [, os, cpu, libc] = /-(android|darwin|linux|win32)-(arm64|arm|x64)(?:-(musl|gnu))?$/.exec(name) ?? [];
  return os ? { os: [os], cpu: [cpu], ...(libc ? { libc: [libc === 'gnu' ? 'glibc' : libc] } : {}) } : null;
}

let added = 0;
for (const parent of Object.values(lock.packages))
  for (const [name, version] of Object.entries(parent.optionalDependencies ?? {})) {
    const system = readSystem(name);
    if (lock.packages[`node_modules/${name}`] || system === null || !/^\d/.test(version)) continue;
    lock.packages[`node_modules/${name}`] = {
      version,
      ...(parent.dev ? { dev: true } : {}),
      ...system,
      optional: true,
    };
    added += 1;
  }
lock.packages = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => (a < b ? -1 : 1)));
writeFileSync(path, `${JSON.stringify(lock, null, 2)}\n`);
process.stdout.write(`${added} packages of other systems entered\n`);
