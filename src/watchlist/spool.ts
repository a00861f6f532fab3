import { createHash, randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, unlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ElwatchError } from '../errors.ts';
import { createEncodingProbe, type Encoding } from './detect-encoding.ts';
import { MAX_BYTES } from './limits.ts';
import { refuse } from './refuse.ts';

/** A file on disk, of which one pass has told what the next one needs to know. */
export interface SpooledFile {
  path: string;
  bytes: number;
  sha256: string;
  /** Null for bytes that are no text. */
  encoding: Encoding | null;
  /** Its first bytes, at most 4096. */
  head: Buffer;
}

const HEAD_BYTES = 4096;

/**
 * Writes what somebody sends into a file that only this user can read, so that reading it twice and storing its
 * rows keeps pace with nobody's line. Call `remove` in any case.
 *
 * @throws ElwatchError `watchlist-too-large`
 */
export async function spoolUpload(
  source: AsyncIterable<Uint8Array>,
): Promise<SpooledFile & { remove(): Promise<void> }> {
  const path = join(tmpdir(), `elwatch-upload-${randomBytes(12).toString('hex')}`);
  const remove = () => unlink(path).catch(() => undefined);
  const file = await open(path, 'wx', 0o600);
  try {
    const measured = await measure(source, async (chunk) => {
      // `write` alone may take less than the whole.
      await file.writeFile(chunk);
    });
    return { path, ...measured, remove };
  } catch (error) {
    await remove();
    throw error;
  } finally {
    await file.close();
  }
}

/** The same of a file that is there. @throws ElwatchError `file-unreadable`, `watchlist-too-large` */
export async function measureFile(path: string): Promise<SpooledFile> {
  try {
    return { path, ...(await measure(createReadStream(path))) };
  } catch (cause) {
    if (cause instanceof ElwatchError) throw cause;
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    throw refuse(
      'file-unreadable',
      `${path} cannot be read: ${code}`,
      'check the path and its permissions',
      cause,
    );
  }
}

async function measure(
  source: AsyncIterable<Uint8Array>,
  write?: (chunk: Uint8Array) => Promise<void>,
): Promise<Omit<SpooledFile, 'path'>> {
  const hash = createHash('sha256');
  const probe = createEncodingProbe();
  let head = Buffer.alloc(0);
  let bytes = 0;
  for await (const chunk of source) {
    bytes += chunk.length;
    if (bytes > MAX_BYTES)
      throw refuse(
        'watchlist-too-large',
        `the file has more than ${MAX_BYTES / 1024 / 1024} MB`,
        'split it into several watchlists, or leave out columns that are not needed',
      );
    if (head.length < HEAD_BYTES) head = Buffer.concat([head, chunk]).subarray(0, HEAD_BYTES);
    hash.update(chunk);
    probe.push(chunk);
    await write?.(chunk);
  }
  return { bytes, sha256: hash.digest('hex'), encoding: probe.result(), head };
}
