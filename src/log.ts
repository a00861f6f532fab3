import { type DestinationStream, destination, type Logger, pino } from 'pino';

export type Log = Logger;

/** The part of a mail address before its sign, of 64 characters at most (RFC 5321, 4.5.3.1.1). */
const LOCAL_PART = /[^\s"'<>()[\]\\,:;@/=]{1,64}@(?=[\p{L}\d])/gu;
/** As pino begins its lines: those of trace and debug have two digits that begin with 1 or 2. */
const IS_FOR_DEBUGGING = /^\{"level":[12]0,/u;

/**
 * Structured logs on stderr; stdout belongs to what a command was asked for. Whoever writes, from info on no line has
 * a whole mail address: mail servers repeat those in their answers. Its domain stays, which says who refused.
 */
export function createLog(level: string, to: DestinationStream = destination({ dest: 2, sync: true })): Log {
  return pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: ['token', '*.token', 'email', '*.email', 'authorization', '*.authorization'],
      hooks: {
        streamWrite: (line) => (IS_FOR_DEBUGGING.test(line) ? line : line.replace(LOCAL_PART, '…@')),
      },
    },
    to,
  );
}
