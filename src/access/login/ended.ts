import { appendFileSync, readFileSync, writeFileSync } from 'node:fs'
import { codeOf, messageOf } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Clock } from '../../lib/time/clock.ts'

/** Sessions that are remembered: of more, those that were ended first are forgotten. */
const most = 10_000

/** Sessions that were ended before their time, so that a copy of a cookie opens nothing. */
export interface EndedSessions {
  readonly has: (id: string) => boolean
  /** @param expires Milliseconds since 1970 from which on the cookie is worth nothing anyway. */
  readonly add: (id: string, expires: number) => void
}

export interface EndedOptions {
  /** A line for each: when it expires, and its id. Absent: they are forgotten with the process, as the key of the cookies is. */
  readonly file?: string | undefined
  readonly clock: Pick<Clock, 'now'>
  readonly log: Pick<Logger, 'warn'>
}

/** Remembers ended sessions, also for the next process. */
export function endedSessions({ file, clock, log }: EndedOptions): EndedSessions {
  const ended = new Map<string, number>()
  if (file !== undefined) {
    for (const [id, expires] of readEnded(file)) if (expires > clock.now()) ended.set(id, expires)
    attempt(() => {
      writeFileSync(file, [...ended].map(asLine).join(''), { mode: 0o600 })
    })
  }

  function attempt(write: () => void): void {
    try {
      write()
    } catch (error) {
      log.warn(
        `${file} cannot be written: ${messageOf(error)}: who logs out now can be let in again after a restart, until the login expires`,
      )
    }
  }

  return {
    has: (id) => ended.has(id),
    add(id, expires) {
      if (ended.has(id)) return
      ended.set(id, expires)
      for (const oldest of ended.keys()) {
        if (ended.size <= most) break
        ended.delete(oldest)
      }
      // At once: the answer to the log-out must not come before it is kept, and few people log out at a time.
      if (file !== undefined)
        attempt(() => {
          appendFileSync(file, asLine([id, expires]), { mode: 0o600 })
        })
    },
  }
}

function asLine([id, expires]: readonly [string, number]): string {
  return `${expires} ${id}\n`
}

/** What is not a line of ours, such as one that was cut, is left out. @throws What keeps it from being read. */
function readEnded(file: string): (readonly [string, number])[] {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
  return [...text.matchAll(/^(\d{1,16}) ([\w-]{1,64})$/gm)].map(
    ([, expires = '', id = '']) => [id, Number(expires)] as const,
  )
}
