import type { TestPostgres } from '../../test/support/programs/postgres.ts'
import type { Disk } from './disk.ts'
import { alertAfter, regular, regularName } from './files.ts'
import type { Watched } from './servers.ts'

export interface TroublesOptions {
  readonly random: () => number
  readonly watched: Watched
  readonly database: TestPostgres
  readonly disk: Disk
  /** Sets the wall clock of the program ahead by so many milliseconds. */
  readonly jump: (ms: number) => Promise<void>
  readonly say: (line: string) => void
}

export interface Troubles {
  /** Brings about what is due, in milliseconds since the start. */
  readonly step: (at: number) => Promise<void>
  /** Repairs everything. */
  readonly end: () => Promise<void>
  readonly counts: Readonly<Record<string, number>>
}

/** A trouble that comes every so often for a while, in seconds. */
interface Recurring {
  readonly name: string
  readonly first: number
  readonly every: number
  readonly lasts: number
  readonly begin: () => Promise<unknown>
  readonly end: () => Promise<unknown>
}

/**
 * Farther than a run is long: where the clock shows a time that it has shown before, a check may begin in the same millisecond as an earlier
 * one of its target, and the history takes it for the same.
 */
const jumpMs = 3 * 3_600_000
/** A third outage in half an hour would be flapping, and two that follow at once one outage. The clock's jumps count too. */
const pastMs = 60 * 60_000
const mostInPast = 2
const restMs = 4 * 60_000

export function createTroubles(options: TroublesOptions): Troubles {
  const { random, watched, database, disk, jump, say } = options
  const counts: Record<string, number> = { 'short outages': 0, 'long outages': 0 }
  const past = new Map<string, number[]>()
  const running = new Set<Recurring>()
  let sign = 1
  const recurring: readonly Recurring[] = [
    {
      name: 'outages of the database',
      ...{ first: 40, every: 180, lasts: 20 },
      begin: () => database.kill(),
      end: () => database.start(),
    },
    {
      name: `times that the disk was ${disk.how}`,
      ...{ first: 80, every: 180, lasts: 20 },
      begin: async () => disk.breakDown(),
      end: async () => disk.repair(),
    },
    {
      name: 'jumps of the clock',
      ...{ first: 120, every: 180, lasts: 40 },
      begin: () => jump((sign = -sign) * jumpMs),
      end: () => jump(0),
    },
  ]

  async function change(each: Recurring, to: 'begin' | 'end'): Promise<void> {
    say(`${each.name}: ${to}`)
    if (to === 'begin') counts[each.name] = (counts[each.name] ?? 0) + 1
    if (to === 'begin') running.add(each)
    else running.delete(each)
    await each[to]()
  }

  /** Short ones must not be reported; long ones must. */
  function breakOne(at: number): void {
    const name = regularName(Math.floor(random() * regular))
    const times = (past.get(name) ?? []).filter((time) => at - time < pastMs)
    if (times.length >= mostInPast || at - (times.at(-1) ?? -Infinity) < restMs) return
    past.set(name, [...times, at])
    const isLong = random() < 0.5
    const checks = isLong
      ? 2 * alertAfter + Math.floor(random() * alertAfter)
      : 1 + Math.floor(random() * (alertAfter - 1))
    counts[isLong ? 'long outages' : 'short outages']! += 1
    watched.fail(name, checks, Math.floor(random() * 100))
  }

  return {
    counts,
    async step(at) {
      for (const each of recurring) {
        const since = at / 1000 - each.first
        if (since >= 0 && since % each.every < each.lasts !== running.has(each))
          await change(each, running.has(each) ? 'end' : 'begin')
      }
      for (let count = 0; count < 4; count++) breakOne(at)
    },
    async end() {
      for (const each of running) await change(each, 'end')
    },
  }
}
