import type { KeptFile } from '../../lib/io/keeping.ts'
import type { Clock } from '../../lib/time/clock.ts'
import { firstOf, openSegments } from './segments.ts'
import { mostChecks, reportedCheck, type ReportedCheck } from './wire.ts'

export interface SpoolOptions {
  readonly folder: string
  readonly clock: Pick<Clock, 'now' | 'monotonic'>
  /** Checks that are lost: too many wait, or they are too old. One call for each time that some are. */
  readonly dropped: (count: number, why: string) => void
  /** Notified of whether the folder can be written. */
  readonly report: KeptFile
  /** Bytes that wait at most. Default 256 MiB, about 700,000 checks. */
  readonly mostBytes?: number
  /** Milliseconds after which a check is not worth sending. Default 7 days. */
  readonly mostMs?: number
  /** Checks of a batch. Default 1000. */
  readonly batch?: number
  /** Checks that wait in memory while the disk takes none. Default 50,000. */
  readonly mostInMemory?: number
}

/** Checks that wait, on the disk, until somebody has taken them. */
export interface Spool {
  /** How many wait. */
  readonly length: () => number
  /** Never waits, never throws. */
  readonly add: (check: ReportedCheck) => void
  /** The oldest ones. Undefined where none wait. A batch is given again until it is taken. @throws Whatever the file system said. */
  readonly oldest: () => Promise<Batch | undefined>
  /** Writes what is in memory. */
  readonly close: () => Promise<void>
}

export interface Batch {
  readonly checks: readonly ReportedCheck[]
  /** Forgets them. */
  readonly taken: () => Promise<void>
}

/** Bytes of a file: as a request, it passes proxies that let 1 MB through. */
const segmentBytes = 512 * 1024

/** Milliseconds until the disk is tried again after it has refused. */
const diskPauseMs = 5_000

/** Opens the spool, with what an earlier process left. @throws Whatever the file system said. */
export async function openSpool(options: SpoolOptions): Promise<Spool> {
  const { folder, clock, dropped, report } = options
  const { mostBytes = 2 ** 28, mostMs = 7 * 86_400_000, batch = mostChecks, mostInMemory = 50_000 } = options
  const segments = await openSegments({ folder, mostLines: batch, mostBytes: segmentBytes })
  let queue: string[] = []
  /** Lines that are being written. */
  let underWay = 0
  let work = Promise.resolve()
  let isWriting = false
  let diskAt = -Infinity

  /** One step at a time: files and what is in memory must not be looked at while they change. */
  function inTurn<T>(step: () => Promise<T>): Promise<T> {
    const done = work.then(step)
    work = done.then(
      () => undefined,
      () => undefined,
    )
    return done
  }

  async function write(): Promise<void> {
    isWriting = false
    if (queue.length === 0 || clock.monotonic() < diskAt) return
    const lines = queue
    queue = []
    underWay = lines.length
    try {
      await segments.append(lines)
      report.kept()
    } catch (error) {
      // Some may be on the disk: what is sent twice is stored once.
      queue = [...lines, ...queue]
      diskAt = clock.monotonic() + diskPauseMs
      report.failed(error)
    }
    underWay = 0
    await makeRoom()
  }

  /** The oldest go first: what is new says more. */
  async function makeRoom(): Promise<void> {
    let lost = 0
    const size = (): number => segments.files.reduce((sum, { bytes }) => sum + bytes, 0)
    while (size() > mostBytes && segments.files.length > 1) {
      const [first] = segments.files
      if (!first) break
      lost += first.lines
      await segments.remove(first)
    }
    if (lost > 0) dropped(lost, 'too many wait on the disk')
  }

  async function readOldest(): Promise<Batch | undefined> {
    for (;;) {
      const [first] = segments.files
      if (!first) return inMemory()
      const lines = await segments.read(first)
      const checks = lines.flatMap(parse)
      if (checks.length < lines.length)
        dropped(lines.length - checks.length, 'they cannot be read from the disk')
      const fresh = checks.filter(({ at }) => clock.now() - Date.parse(at) <= mostMs)
      if (fresh.length < checks.length)
        dropped(checks.length - fresh.length, `older than ${Math.round(mostMs / 86_400_000)} days`)
      if (fresh.length > 0) return { checks: fresh, taken: () => inTurn(() => segments.remove(first)) }
      await segments.remove(first)
    }
  }

  /** Where the disk takes nothing, what is in memory is sent from there. */
  function inMemory(): Batch | undefined {
    if (queue.length === 0) return undefined
    const given = new Set(firstOf(queue, batch, segmentBytes))
    const taken = (): Promise<void> => {
      queue = queue.filter((line) => !given.has(line))
      return Promise.resolve()
    }
    return { checks: [...given].flatMap(parse), taken: () => inTurn(taken) }
  }

  return {
    length: () => queue.length + underWay + segments.files.reduce((sum, { lines }) => sum + lines, 0),
    add(check) {
      queue.push(JSON.stringify(check))
      if (queue.length > mostInMemory) {
        queue.shift()
        dropped(1, 'the disk takes none, and too many wait in memory')
      }
      if (isWriting) return
      isWriting = true
      void inTurn(write)
    },
    oldest: () => inTurn(readOldest),
    close: () =>
      inTurn(async () => {
        diskAt = -Infinity
        await write()
        if (queue.length > 0) dropped(queue.length, 'the disk takes none, and the process ends')
        await segments.close()
      }),
  }
}

/** A crash may have cut a line. */
function parse(line: string): ReportedCheck[] {
  try {
    const { data } = reportedCheck.safeParse(JSON.parse(line))
    return data ? [data] : []
  } catch {
    return []
  }
}
