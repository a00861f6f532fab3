import { destination, type Logger, pino } from 'pino';

export type Log = Logger;

/** Structured logs on stderr; stdout belongs to what a command was asked for. */
export function createLog(level: string): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['token', '*.token', 'email', '*.email', 'authorization', '*.authorization'],
    },
    destination({ dest: 2, sync: true }),
  );
}
