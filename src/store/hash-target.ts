import { createHash } from 'node:crypto';
import type { Channel } from '../model.ts';

/** SHA-256 of a whole target as hexadecimal digits; mail addresses are compared without regard to case. */
export function hashTarget(channel: Channel, target: string): string {
  return createHash('sha256')
    .update(channel === 'email' ? target.toLowerCase() : target)
    .digest('hex');
}
