import { open } from 'node:fs/promises';
import { gunzipSync } from 'node:zlib';
import { ElwatchError } from '../errors.ts';

/** Files that a command reads are bounded like bodies from upstream; a whole title of the Code is larger. */
const MAX_BYTES = 32 * 1024 * 1024;

/**
 * Reads a file that a command was given, unpacking gzip.
 *
 * @throws ElwatchError `file-unreadable` or `body-too-large`
 */
export async function readInput(path: string, maxBytes = MAX_BYTES): Promise<Buffer> {
  let bytes: Buffer;
  try {
    const file = await open(path, 'r');
    try {
      const { size } = await file.stat();
      if (size > maxBytes) throw tooLarge(path, maxBytes);
      bytes = await file.readFile();
    } finally {
      await file.close();
    }
  } catch (cause) {
    if (cause instanceof ElwatchError) throw cause;
    throw new ElwatchError(
      'file-unreadable',
      `${path} cannot be read: ${(cause as NodeJS.ErrnoException).code ?? String(cause)}`,
      {
        retry: false,
        hint: 'check the path and its permissions',
        cause,
      },
    );
  }
  if (bytes[0] !== 0x1f || bytes[1] !== 0x8b) return bytes;
  try {
    return gunzipSync(bytes, { maxOutputLength: maxBytes });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(path, maxBytes);
    throw new ElwatchError('file-unreadable', `${path} is no whole gzip file`, {
      retry: false,
      hint: 'make or fetch the file again',
      cause,
    });
  }
}

/** Reads a file as JSON. @throws ElwatchError `invalid-json` besides those of `readInput` */
export async function readJsonInput(path: string): Promise<unknown> {
  return parseJson(await readInput(path), path);
}

/** The JSON in a file that was read. @throws ElwatchError `invalid-json` */
export function parseJson(bytes: Buffer, path: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw new ElwatchError('invalid-json', `${path} is not JSON: ${String(cause).slice(0, 200)}`, {
      retry: false,
      hint: 'correct the file',
      cause,
    });
  }
}

function tooLarge(path: string, maxBytes: number): ElwatchError {
  return new ElwatchError('body-too-large', `${path} has more than ${maxBytes} bytes`, {
    retry: false,
    hint: 'a rule has under 1 MB and a supplement about 3 MB: look at what the file is',
  });
}
