import { appendFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { codeOf, messageOf, ProbityError } from '../../lib/errors.ts'
import { replaceFile } from '../../lib/io/replace-file.ts'
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

/**
 * Remembers ended sessions, also for the next process.
 *
 * @throws ProbityError `TOKEN_UNREADABLE` where the file cannot be read: to go on without it would let copies in.
 */
export async function openEndedSessions({ file, clock, log }: EndedOptions): Promise<EndedSessions> {
  const warn = (error: unknown): void => {
    log.warn(
      `${file} cannot be written: ${messageOf(error)}: a copy of a cookie whose owner logs out now is valid again after a restart, until the login expires`,
    )
  }
  const written = file === undefined ? [] : await readEnded(file)
  const ended = new Map(written.filter(([, expires]) => expires > clock.now()))
  // As a whole or not at all: a full disk must not cost what is there.
  if (file !== undefined && ended.size < written.length)
    await replaceFile(file, [...ended].map(asLine).join(''), 0o600).catch(warn)

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
      if (file === undefined) return
      try {
        appendFileSync(file, asLine([id, expires]), { mode: 0o600 })
      } catch (error) {
        warn(error)
      }
    },
  }
}

/** Begins with the end of the line before, which may have been cut. */
function asLine([id, expires]: readonly [string, number]): string {
  return `\n${expires} ${id}\n`
}

/** What is not a line of ours, such as one that was cut, is left out. */
async function readEnded(file: string): Promise<(readonly [string, number])[]> {
  let text: string
  try {
    text = await readFile(file, 'utf8')
  } catch (cause) {
    if (codeOf(cause) === 'ENOENT') return []
    throw new ProbityError(
      'TOKEN_UNREADABLE',
      `the list of logins that were ended, ${file}, cannot be read: ${messageOf(cause)}; check its permissions, or delete it together with session-key, which ends all logins`,
      { cause },
    )
  }
  return [...text.matchAll(/^(\d{1,16}) ([\w-]{1,64})$/gm)].map(
    ([, expires = '', id = '']) => [id, Number(expires)] as const,
  )
}
