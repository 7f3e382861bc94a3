import { totalmem } from 'node:os'
import { constants, PerformanceObserver } from 'node:perf_hooks'
import { getHeapStatistics } from 'node:v8'
import type { Logger } from '../logger.ts'

/** Shares of the memory above which it is short, and below which it is not any more. */
const [shortAbove, enoughBelow] = [0.85, 0.75]

/**
 * Says whether the memory of this process is short, so that what can wait does. The log has one line when that begins, and one when it
 * ends.
 *
 * @param share The share of the memory that is taken. Default: {@link shareOfMemory}.
 */
export function watchMemory(log: Logger, share: () => number = shareOfMemory): () => boolean {
  let isShort = false
  return () => {
    const taken = share()
    if (!isShort && taken > shortAbove) {
      isShort = true
      log.warn(`${percent(taken)} of the memory is taken: the history waits, so that checks and alerts go on`)
    } else if (isShort && taken < enoughBelow) {
      isShort = false
      log.info(`${percent(taken)} of the memory is taken: the history goes on`)
    }
    return isShort
  }
}

const percent = (share: number): string => `${Math.round(share * 100)} %`

let collected: { readonly heap: () => number } | undefined

/**
 * The larger of two shares: that of the heap, as it was after the last garbage collection of all of it, because what it is before
 * says little; and that of the machine or container, which ends the process when none is left.
 */
export function shareOfMemory(): number {
  collected ??= observeHeap()
  const limit = process.constrainedMemory() || Infinity
  return Math.max(
    collected.heap() / getHeapStatistics().heap_size_limit,
    process.memoryUsage.rss() / Math.min(limit, totalmem()),
  )
}

function observeHeap(): { readonly heap: () => number } {
  let heap = 0
  new PerformanceObserver((list) => {
    const entries = list.getEntries() as readonly { readonly detail?: { readonly kind?: number } }[]
    const isMajor = entries.some(({ detail }) => detail?.kind === constants.NODE_PERFORMANCE_GC_MAJOR)
    if (isMajor) heap = getHeapStatistics().used_heap_size
  }).observe({ entryTypes: ['gc'] })
  return { heap: () => heap }
}
