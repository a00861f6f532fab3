import { createHash, randomUUID } from 'node:crypto';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import nodemailer from 'nodemailer';
import { ElwatchError } from '../errors.ts';
import { composeMail, type Sender } from './compose-mail.ts';
import type { EmailChannel } from './email-channel.ts';

/** Writes each message as a `.eml` file named by its Message-ID, so that a second try writes the same file. */
export function createOutbox(from: Sender, directory: string, now = Date.now): EmailChannel {
  const transport = nodemailer.createTransport({
    streamTransport: true,
    buffer: true,
    newline: 'windows',
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    kind: 'outbox',
    async send(message) {
      const mail = composeMail(from, message, now());
      const info = await transport.sendMail(mail);
      const path = join(directory, `${safeFileName(mail.messageId)}.eml`);
      await writeWhole(path, info.message as Buffer);
      return { outcome: path };
    },
    async verify() {
      const probe = join(directory, `.probe-${randomUUID()}`);
      await writeWhole(probe, Buffer.alloc(0));
      await rm(probe, { force: true });
    },
    async close() {
      transport.close();
    },
  };
}

/** Writes beside the target and renames, so that nobody ever reads half a message. */
async function writeWhole(path: string, content: Buffer): Promise<void> {
  const temporary = `${path}.${randomUUID()}.tmp`;
  try {
    await mkdir(join(path, '..'), { recursive: true });
    await writeFile(temporary, content, { mode: 0o600 });
    await rename(temporary, path);
  } catch (cause) {
    await rm(temporary, { force: true }).catch(() => undefined);
    throw new ElwatchError('outbox-write', `cannot write ${path}: ${String(cause)}`, {
      retry: true,
      hint: 'Check that the data directory is writable and has space.',
      cause,
    });
  }
}

/** A file name that no Message-ID can turn into a path; different ids stay different. */
function safeFileName(messageId: string): string {
  const id = messageId.replace(/^<|>$/gu, '');
  const plain = id
    .replace(/[^A-Za-z0-9@._-]/gu, '_')
    .replace(/^\.+/u, '_')
    .slice(0, 150);
  return plain === id ? plain : `${plain}-${createHash('sha256').update(id).digest('hex').slice(0, 8)}`;
}
