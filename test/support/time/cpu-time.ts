/** Milliseconds of a processor that some work takes. How long it waits for one, on a busy machine, is not in it. */
export function cpuTimeMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
