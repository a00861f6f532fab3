import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { ElwatchError } from '../errors.ts';
import { shown } from './allowed-url.ts';

/** How much of an answer is looked at to tell what it is. */
export const HEAD_BYTES = 64 * 1024;

/** The stream with its content encoding undone. */
function decoded(body: Readable, headers: Record<string, string>): Readable {
  const encoding = (headers['content-encoding'] ?? 'identity').trim().toLowerCase();
  if (encoding === 'identity' || encoding === '') return body;
  const decoder =
    encoding === 'gzip' || encoding === 'x-gzip'
      ? createGunzip()
      : encoding === 'br'
        ? createBrotliDecompress()
        : encoding === 'deflate'
          ? createInflate()
          : null;
  // Encodings stacked on each other ("gzip, gzip") multiply a bomb, and no honest site sends them.
  if (decoder === null)
    throw new ElwatchError('body-corrupt', `the content encoding is ${encoding.slice(0, 60)}`, {
      retry: true,
      hint: 'only gzip was asked for',
    });
  // The error reaches whoever reads the decoder.
  return pipeline(body, decoder, () => {});
}

/**
 * Reads a body whole, decoded, and stops at its cap: a bomb costs no more than that.
 *
 * @throws ElwatchError `body-too-large`, `body-corrupt`; what the streams throw where it is cut short
 */
export async function readBody(
  body: Readable,
  headers: Record<string, string>,
  maxBytes: number,
  url: URL,
): Promise<Buffer> {
  const tooLarge = () =>
    new ElwatchError('body-too-large', `${shown(url)} answered with more than ${maxBytes} bytes`, {
      retry: false,
      hint: 'nothing of it was kept; look at the address by hand',
    });
  // What was announced too large is not even begun. Compressed, it would only be larger.
  if (Number(headers['content-length'] ?? 0) > maxBytes) throw tooLarge();
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of decoded(body, headers) as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, size);
}

/** The beginning of an error page, as far as it can be had. */
export async function readHead(body: Readable, headers: Record<string, string>): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of decoded(body, headers) as AsyncIterable<Buffer>) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= HEAD_BYTES) break;
    }
  } catch {
    // The status says enough.
  }
  return Buffer.concat(chunks).subarray(0, HEAD_BYTES).toString('utf8');
}
