import { readMarks, type StoredMark } from '../../history/reads/marks.ts'
import type { Sql } from '../../history/sql.ts'
import { writeMark, writeVersion } from '../../history/write/marks.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { briefly } from '../../lib/time/briefly.ts'
import { messageOf, ProbityError } from '../../lib/errors.ts'
import type { Logger } from '../../lib/logger.ts'
import { within } from '../../lib/time/within.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import { beforeMs } from '../../web/status/marks.ts'

/** What has changed, as it is stored. */
export interface Marks {
  /** @throws ProbityError `MARK_NOT_STORED` where the database does not take it now. */
  readonly add: (mark: StoredMark) => Promise<void>
  /** @throws Whatever the database said. */
  readonly read: (range: { readonly from: Date; readonly to: Date }) => Promise<readonly StoredMark[]>
  /** Those of the last two hours, read every five seconds at most. Empty where the database does not answer in time. */
  readonly recent: () => Promise<readonly StoredMark[]>
  /** Marks a version of a caller that is new, in the background. */
  readonly called: (target: string, caller: string, version: string) => void
}

/** Milliseconds that the database may take: a message must not wait for one that is away. */
const patienceMs = 2000
const rememberedMs = 5000

/** Versions that are remembered as seen at most. */
const mostVersions = 10_000

/** Opens what is stored of changes. */
export function openMarks(options: {
  readonly sql: Sql
  readonly isOpen: () => boolean
  readonly clock: Clock
  readonly log: Logger
}): Marks {
  const { sql, isOpen, clock, log } = options
  const seen = new Set<string>()
  const tooSlow = (): never => {
    throw new Error(`the database took longer than ${patienceMs / 1000} s`)
  }
  const lately = briefly(
    () =>
      within(
        readMarks(sql, { from: new Date(clock.now() - 2 * beforeMs), to: new Date(clock.now() + 60_000) }),
        patienceMs,
        tooSlow,
      ),
    { clock, ms: rememberedMs },
  )
  return {
    async add(mark) {
      try {
        if (!isOpen()) throw new Error('it is starting')
        await within(writeMark(sql, mark), 5 * patienceMs, tooSlow)
      } catch (cause) {
        throw new ProbityError('MARK_NOT_STORED', `the mark cannot be stored now: ${messageOf(cause)}`, {
          cause,
        })
      }
    },
    read: (range) => readMarks(sql, range),
    recent: () => (isOpen() ? lately().catch(() => []) : Promise.resolve([])),
    called(target, caller, version) {
      if (version === '') return
      const key = JSON.stringify([target, caller, version])
      if (seen.has(key) || !isOpen()) return
      seen.add(key)
      for (const oldest of seen) if (seen.size > mostVersions) seen.delete(oldest)
      const short = (text: string): string => cut(oneLine(text), 90)
      const given = { target, caller: short(caller), version: short(version), at: new Date(clock.now()) }
      writeVersion(sql, given).catch((error: unknown) => {
        seen.delete(key)
        log.debug({ error: messageOf(error) }, 'a new version could not be marked')
      })
    },
  }
}
