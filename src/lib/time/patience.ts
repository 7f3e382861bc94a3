import { codeOf, ProbityError } from '../errors.ts'
import { systemTimers, type Timers } from './timers.ts'

export interface PatienceOptions {
  /** Default: the machine's. */
  readonly timers?: Timers
  /** Milliseconds that a write may take. Default 5,000. */
  readonly limitMs?: number
}

/** Runs a step, and rejects with whatever it rejects with, or with `STATE_SLOW`. */
export type Patience = (step: () => Promise<void>) => Promise<void>

/**
 * Waits for a disk no longer than it may take: one that hangs must not delay notifications. What takes too long
 * goes on; until it has ended nothing else is begun, because each write that hangs has a thread of the process.
 */
export function patience({ timers = systemTimers, limitMs = 5000 }: PatienceOptions = {}): Patience {
  let overdue = 0
  const tooSlow = (): ProbityError =>
    new ProbityError('STATE_SLOW', `the disk has not answered for ${limitMs / 1000} s`)
  return (step) =>
    new Promise((resolve, reject) => {
      if (overdue > 0) {
        reject(tooSlow())
        return
      }
      let late = false
      const cancel = timers.after(limitMs, () => {
        late = true
        overdue++
        reject(tooSlow())
      })
      const ended = (): void => {
        cancel()
        if (late) overdue--
      }
      step().finally(ended).then(resolve, reject)
    })
}

const troubles = new Set(['ENOSPC', 'EDQUOT', 'EIO', 'EROFS', 'EMFILE', 'ENFILE', 'STATE_SLOW'])

/** Whether the disk is to blame, and may be better later. Whatever else a file system says is a mistake in the settings. */
export function isDiskTrouble(error: unknown): boolean {
  return troubles.has(codeOf(error) ?? '')
}
