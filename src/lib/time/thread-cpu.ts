import { readFileSync } from 'node:fs'
import { performance } from 'node:perf_hooks'

/** Ticks per second in which Linux counts (USER_HZ). */
const ticks = 100

/**
 * Seconds that this thread has worked since it started. Linux knows what it really had of a processor (proc(5),
 * `/proc/thread-self/stat`); elsewhere, time in which it waited for one counts too.
 */
export function threadCpuSeconds(): number {
  try {
    // What comes after the name, which may hold anything: the fields from the third on.
    const fields = readFileSync('/proc/thread-self/stat', 'latin1')
      .replace(/^.*\) /s, '')
      .split(' ')
    return (Number(fields[11]) + Number(fields[12])) / ticks
  } catch {
    return performance.eventLoopUtilization().active / 1000
  }
}
