import { execFile, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { describe, expect, onTestFinished, test } from 'vitest';
import { parse } from 'yaml';
import { readConfig } from '../src/config.ts';
import { ROLES } from '../src/roles.ts';
import { freePort } from './helpers/free-port.ts';
import { until } from './helpers/until.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (name: string) => readFileSync(join(root, name), 'utf8');

interface Service {
  image?: string;
  build?: string;
  command?: string[];
  environment?: Record<string, string>;
  env_file?: unknown;
  volumes?: string[];
  ports?: string[];
  deploy?: { replicas?: number };
  depends_on?: Record<string, { condition: string }>;
  healthcheck?: { test?: string[]; disable?: boolean };
  restart?: string;
  read_only?: boolean;
  tmpfs?: string[];
  stop_grace_period?: string;
}
const compose = parse(read('compose.yaml'), { merge: true }) as {
  services: Record<string, Service>;
  volumes: Record<string, unknown>;
};
const services = Object.entries(compose.services);
const own = services.filter(([, { build }]) => build !== undefined);

/** What compose makes of `${NAME:-default}` and `${NAME:?message}`. */
const filled = (text: string, environment: Record<string, string> = {}) =>
  text.replace(/\$\{(\w+):([-?])([^}]*)\}/gu, (_, name: string, kind: string, otherwise: string) => {
    const value = environment[name] || (kind === '-' ? otherwise : undefined);
    if (value === undefined) throw new Error(`${name} is not set`);
    return value;
  });

describe('compose.yaml', () => {
  test('runs each role in a process of its own, and two workers', () => {
    const roles = own.map(([name, { command, deploy }]) => [name, command?.at(-1), deploy?.replicas ?? 1]);
    expect(roles).toEqual([
      ['web', 'web', 1],
      ['worker', 'worker', 2],
      ['scheduler', 'scheduler', 1],
    ]);
    for (const [, { command }] of own) expect(command?.slice(0, 2)).toEqual(['start', '--role']);
    // “all” would do what the others do once more.
    expect(ROLES.filter((role) => !roles.some(([, given]) => given === role))).toEqual(['all']);
  });

  test('sets only what the configuration knows, and what it sets is taken', () => {
    const known = read('src/config.ts').match(/(?<=^ {2})[A-Z][A-Z_]+(?=: )/gmu)!;
    expect(known).toContain('DATABASE_URL');
    const environment = compose.services.web!.environment!;
    for (const [, service] of own) {
      expect(service.environment).toEqual(environment);
      // All else comes from the file that .env.example describes.
      expect(service.env_file).toEqual([{ path: '.env', required: false }]);
    }
    const names = Object.keys(environment).filter((name) => name !== 'NODE_EXTRA_CA_CERTS');
    expect(names.filter((name) => !known.includes(name))).toEqual([]);
    const values = Object.fromEntries(
      names.map((name) => [name, filled(environment[name]!, { POSTGRES_PASSWORD: 'abc123' })]),
    );
    expect(readConfig(values)).toMatchObject({
      databaseUrl: 'postgres://elwatch:abc123@postgres:5432/elwatch',
      redisUrl: 'redis://redis:6379/0',
      smtpUrl: 'smtp://mailpit:1025',
      baseUrl: 'http://localhost:8744',
      dataDir: '/data',
      port: 8744,
      metricsPort: 9464,
    });
    expect(() => filled(environment.DATABASE_URL!)).toThrow('POSTGRES_PASSWORD is not set');
    const documented = read('.env.example');
    for (const [, name] of JSON.stringify(own).matchAll(/\$\{(\w+):-/gu))
      expect(documented).toContain(`\n${name}=`);
  });

  test('lets ours write to scratch alone, and waits for their end longer than it takes', () => {
    for (const [, { read_only, tmpfs, stop_grace_period, environment }] of own) {
      expect(read_only).toBe(true);
      expect(tmpfs!.map((place) => place.split(':')[0])).toEqual(['/tmp', environment!.DATA_DIR]);
      // Those of the user that the image is run as; a tmpfs is root's unless told.
      expect(tmpfs![1]).toContain('uid=1000,gid=1000,mode=0700');
      expect(Number.parseInt(stop_grace_period!, 10)).toBeGreaterThan(25);
      expect(stop_grace_period).toMatch(/^\d+s$/u);
    }
  });

  test('keeps the queue of Redis whole, and all data in volumes', () => {
    expect(compose.services.redis!.command).toEqual([
      'redis-server',
      ...['--maxmemory-policy', 'noeviction'],
      ...['--appendonly', 'yes'],
    ]);
    expect(compose.services.redis!.volumes).toEqual(['redis:/data']);
    expect(compose.services.postgres!.volumes).toEqual(['postgres:/var/lib/postgresql/data']);
    const used = services.flatMap(([, { volumes = [] }]) => volumes.map((volume) => volume.split(':')[0]!));
    expect([...new Set(used)].sort()).toEqual(Object.keys(compose.volumes).sort());
  });

  test('starts ours when what it stands on is healthy, and starts again what ends', () => {
    for (const [, { depends_on, restart }] of own) {
      expect(restart).toBe('unless-stopped');
      for (const [name, { condition }] of Object.entries(depends_on!)) {
        const { healthcheck, restart: again } = compose.services[name]!;
        expect(condition).toBe(healthcheck ? 'service_healthy' : 'service_completed_successfully');
        // What is to complete must end.
        expect(again).toBe(healthcheck ? 'unless-stopped' : undefined);
      }
    }
    expect(own.filter(([, { healthcheck }]) => healthcheck === undefined).map(([name]) => name)).toEqual([
      'web',
    ]);
  });

  test('opens nothing to the network but the pages, and names each image by its version', () => {
    const ports = services.flatMap(([, { ports = [] }]) => ports);
    expect(ports.sort()).toEqual(['127.0.0.1:8025:8025', '8744:8744']);
    for (const [name, { image }] of services)
      if (!own.some(([ours]) => ours === name)) expect(image).toMatch(/:v?\d/u);
  });
});

describe('the image', () => {
  const dockerfile = read('Dockerfile');
  const copied = [...dockerfile.matchAll(/^COPY (.+) \S+$/gmu)].flatMap(([, names]) => names!.split(' '));

  test('is not run by root, and gets nothing but what it names', () => {
    const user = dockerfile.lastIndexOf('\nUSER node\n');
    expect(user).toBeGreaterThan(0);
    expect(dockerfile.indexOf('\nENTRYPOINT')).toBeGreaterThan(user);
    const [first, ...allowed] = read('.dockerignore')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'));
    expect(first).toBe('*');
    expect(allowed.map((line) => line.slice(1)).sort()).toEqual([...copied].sort());
    for (const name of copied) expect(existsSync(join(root, name)), name).toBe(true);
  });

  test('has all that the service needs, and its check of health tells a service from none', {
    timeout: 180_000,
  }, async () => {
    const folder = mkdtempSync(join(tmpdir(), 'elwatch-image-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    for (const name of copied) cpSync(join(root, name), join(folder, name), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const [, check] = /^HEALTHCHECK [^\n]*\\\n\s+CMD (\[.*\])$/mu.exec(dockerfile)!;
    const [entry, command] = ['ENTRYPOINT', 'CMD'].map((of) =>
      JSON.parse(new RegExp(`^${of} (\\[.*\\])$`, 'mu').exec(dockerfile)![1]!),
    );
    const port = await freePort();
    const env = {
      PATH: process.env.PATH ?? '',
      PORT: String(port),
      METRICS_PORT: String(await freePort()),
      DATA_DIR: join(folder, 'data'),
      FEDERAL_REGISTER_URL: 'http://127.0.0.1:9',
      ECFR_URL: 'http://127.0.0.1:9',
      GOVINFO_URL: 'http://127.0.0.1:9',
      CSL_URL: 'http://127.0.0.1:9',
    };
    const ofWorkers = compose.services.worker!.healthcheck!.test!;
    expect(ofWorkers[0]).toBe('CMD');
    const healthy = (command: string[] = JSON.parse(check!)) => {
      const [program, ...args] = command as [string, ...string[]];
      return promisify(execFile)(program, args, { env }).then(
        () => true,
        () => false,
      );
    };
    expect(await healthy()).toBe(false);
    expect(await healthy(ofWorkers.slice(1))).toBe(false);
    const [program, ...args] = [...entry, ...command];
    const child = spawn(program, args, { cwd: folder, env, stdio: ['ignore', 'ignore', 'pipe'] });
    onTestFinished(() => void child.kill('SIGKILL'));
    let said = '';
    child.stderr.on('data', (text) => {
      said += text;
    });
    await until('the service', () => said.includes('listens on') || child.exitCode !== null, 60);
    expect(child.exitCode, said).toBeNull();
    expect(await healthy()).toBe(true);
    expect(await healthy(ofWorkers.slice(1))).toBe(true);
    child.kill('SIGTERM');
    await until('its end', () => child.exitCode !== null, 60);
    expect(child.exitCode).toBe(0);
  });
});
