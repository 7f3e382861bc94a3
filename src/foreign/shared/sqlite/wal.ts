/** Offsets in the header of a log, and of a frame. Source: https://www.sqlite.org/fileformat2.html#the_write_ahead_log */
const logHeader = { size: 32, magic: 0, version: 4, pageSize: 8, salts: 16, checksum: 24 } as const
const frameHeader = { size: 24, page: 0, pagesAfterCommit: 4, salts: 8, checksum: 16 } as const

/** The last bit says in which order the bytes of checksums are. */
const magic = 0x377f0682
const version = 3_007_000

/** What a write-ahead log changes. */
export interface WalChanges {
  /** Where the newest content of a page is in the log, by its number, which begins with 1. */
  readonly pages: ReadonlyMap<number, number>
  /** How many pages the database has then. */
  readonly count: number
}

/**
 * Finds what transactions have written that is not in the database itself yet: what was committed, and nothing after the first
 * frame that was not written as a whole, as SQLite does.
 *
 * @returns Nothing where no transaction was committed.
 */
export function changesOf(log: Buffer, pageSize: number): WalChanges | undefined {
  const start = log.length < logHeader.size ? undefined : checkedStart(log, pageSize)
  if (start === undefined) return undefined
  const { isBigEndian, salts } = start
  let sum = start.sum
  let changes: WalChanges | undefined
  const seen = new Map<number, number>()
  const frameSize = frameHeader.size + pageSize
  for (let at: number = logHeader.size; at + frameSize <= log.length; at += frameSize) {
    if (!log.subarray(at + frameHeader.salts, at + frameHeader.checksum).equals(salts)) break
    sum = checksum(log.subarray(at, at + frameHeader.salts), isBigEndian, sum)
    const content = at + frameHeader.size
    sum = checksum(log.subarray(content, content + pageSize), isBigEndian, sum)
    if (!isSum(log, at + frameHeader.checksum, sum)) break
    seen.set(log.readUInt32BE(at + frameHeader.page), content)
    const count = log.readUInt32BE(at + frameHeader.pagesAfterCommit)
    if (count > 0) changes = { pages: new Map(seen), count }
  }
  return changes
}

interface Start {
  readonly isBigEndian: boolean
  readonly salts: Buffer
  readonly sum: Sum
}

function checkedStart(log: Buffer, pageSize: number): Start | undefined {
  const written = log.readUInt32BE(logHeader.magic)
  const isBigEndian = written === magic + 1
  if (written !== magic && !isBigEndian) return undefined
  if (log.readUInt32BE(logHeader.version) !== version || log.readUInt32BE(logHeader.pageSize) !== pageSize)
    return undefined
  const sum = checksum(log.subarray(0, logHeader.checksum), isBigEndian, [0, 0])
  if (!isSum(log, logHeader.checksum, sum)) return undefined
  return { isBigEndian, salts: log.subarray(logHeader.salts, logHeader.checksum), sum }
}

type Sum = readonly [number, number]

function checksum(bytes: Buffer, isBigEndian: boolean, [before, after]: Sum): Sum {
  let [first, second] = [before, after]
  for (let at = 0; at < bytes.length; at += 8) {
    const [one, two] = isBigEndian
      ? [bytes.readUInt32BE(at), bytes.readUInt32BE(at + 4)]
      : [bytes.readUInt32LE(at), bytes.readUInt32LE(at + 4)]
    first = (first + one + second) >>> 0
    second = (second + two + first) >>> 0
  }
  return [first, second]
}

function isSum(log: Buffer, at: number, [first, second]: Sum): boolean {
  return log.readUInt32BE(at) === first && log.readUInt32BE(at + 4) === second
}
