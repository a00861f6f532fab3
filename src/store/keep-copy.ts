import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { cp, readdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { ElwatchError } from '../errors.ts';
import { diskFull, LEAST_ROOM, roomIn } from './room.ts';

/**
 * Copies the directory of an embedded database that nobody writes to beside it, as `pglite-<migration>`, where
 * `migration` is the last one that it had. An older copy goes once the new one is whole.
 *
 * @returns its path
 * @throws ElwatchError `disk-full` where there is no room for a second one, `copy-differs`
 */
export async function keepCopy(directory: string, migration: string): Promise<string> {
  const dataDir = dirname(directory);
  const copy = join(dataDir, `pglite-${migration}`);
  const part = join(dataDir, 'pglite-copy.part');
  await rm(part, { recursive: true, force: true });
  const files = await readTree(directory);
  const needed = files.reduce((sum, { bytes }) => sum + bytes, LEAST_ROOM);
  if (roomIn(dataDir) < needed)
    throw diskFull(
      `The tables in ${directory} are to be changed, and a copy of ${Math.ceil(needed / 1_000_000)} MB has no room`,
      roomIn(dataDir),
    );
  await cp(directory, part, { recursive: true, preserveTimestamps: true });
  for (const { path } of files)
    if ((await hashOf(join(directory, path))) !== (await hashOf(join(part, path))))
      throw new ElwatchError(
        'copy-differs',
        `the copy of ${join(directory, path)} is not what it was made of`,
        {
          retry: true,
          hint: 'Nothing was changed. Look whether the disk is sound, and that no other program writes there.',
        },
      );
  for (const name of await readdir(dataDir))
    if (/^pglite-\d{4}-/u.test(name)) await rm(join(dataDir, name), { recursive: true });
  await rename(part, copy);
  return copy;
}

async function readTree(directory: string): Promise<{ path: string; bytes: number }[]> {
  const files: { path: string; bytes: number }[] = [];
  for (const path of await readdir(directory, { recursive: true })) {
    const stats = await stat(join(directory, path));
    if (stats.isFile()) files.push({ path, bytes: stats.size });
  }
  return files;
}

async function hashOf(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path)) hash.update(chunk);
  return hash.digest('hex');
}
