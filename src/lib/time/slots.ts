/** Lets so many do something at the same time; more wait for their turn, the first come first. */
export interface Slots {
  /**
   * Waits for a turn.
   *
   * @param signal Gives up waiting.
   * @returns Gives the turn back; nothing where waiting was given up.
   */
  readonly take: (signal: AbortSignal) => Promise<(() => void) | undefined>
}

/** @param count How many. */
export function createSlots(count: number): Slots {
  let free = count
  const waiting = new Set<() => void>()

  function giveBack(): () => void {
    let given = false
    return () => {
      if (given) return
      given = true
      free++
      const [next] = waiting
      next?.()
    }
  }

  return {
    take(signal) {
      return new Promise((resolve) => {
        const abort = (): void => {
          waiting.delete(begin)
          resolve(undefined)
        }
        const begin = (): void => {
          waiting.delete(begin)
          signal.removeEventListener('abort', abort)
          free--
          resolve(giveBack())
        }
        if (signal.aborted) resolve(undefined)
        else if (free > 0) begin()
        else {
          waiting.add(begin)
          signal.addEventListener('abort', abort)
        }
      })
    },
  }
}
