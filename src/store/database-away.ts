/**
 * SQLSTATE classes and codes of a server that will answer again: connection exception (08), read-only after a failover
 * (25006), no room (53), and a server that stops, starts or cut us off (57P).
 */
const PASSING = /^(?:08...|25006|53...|57P..)$/u;
/** What the system says of a connection. */
const OF_SYSTEM = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
]);
/** What node-postgres says without a code. */
const OF_CLIENT = /^Connection terminated|timeout exceeded when trying to connect|not queryable/u;

/** Whether a statement failed because the database is away, or takes no writes for now, and not by its own fault. */
export function isDatabaseAway(error: unknown): boolean {
  if (!(error instanceof Error)) return false;
  const { code } = error as Error & { code?: unknown };
  if (typeof code === 'string') return PASSING.test(code) || OF_SYSTEM.has(code);
  return OF_CLIENT.test(error.message);
}
