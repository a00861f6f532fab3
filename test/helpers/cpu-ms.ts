/**
 * CPU time of this process that some work takes, in milliseconds. Unlike the clock it does not count what other
 * processes of the machine do, so that a bound on a ratio of two such times holds on a busy one.
 */
export function cpuMs(work: () => void): number {
  const begun = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1000;
}
