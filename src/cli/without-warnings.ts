import type { Parts } from '../parts.ts';

/** For a command that says itself what was held: its warnings in the log would only stand between its lines. */
export function withoutWarnings(parts: Parts): Parts {
  return parts.log.level === 'warn' ? { ...parts, log: parts.log.child({}, { level: 'error' }) } : parts;
}
