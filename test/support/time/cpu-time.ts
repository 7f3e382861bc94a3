import { readFileSync } from 'node:fs'

/** Milliseconds of a processor that this thread has had. Linux knows it (proc(5), `schedstat`); elsewhere it is that of the process. */
export function threadCpuMs(): number {
  try {
    return Number(readFileSync('/proc/thread-self/schedstat', 'latin1').split(' ', 1)[0]) / 1e6
  } catch {
    const { user, system } = process.cpuUsage()
    return (user + system) / 1000
  }
}

/** Milliseconds of a processor that some work takes. How long it waits for one, on a busy machine, is not in it. */
export function cpuTimeMs(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1000
}
