/** Offsets and values in the first 100 bytes of a database. Source: https://www.sqlite.org/fileformat2.html#the_database_header */
const magic = 'SQLite format 3\0'
const at = { pageSize: 16, writeVersion: 18, readVersion: 19, changes: 24, pages: 28, validFor: 92 } as const

/** Bytes. */
export const headerSize = 100

/** Versions of the format: 1 is without a write-ahead log. */
const withoutLog = 1

/** Whether a file begins as a database does. */
export function isSqlite(start: Buffer): boolean {
  return start.subarray(0, magic.length).equals(Buffer.from(magic, 'latin1'))
}

/** Bytes of a page; nothing where a database cannot have such pages. */
export function pageSizeOf(image: Buffer): number | undefined {
  const written = image.readUInt16BE(at.pageSize)
  const size = written === 1 ? 65_536 : written
  return size >= 512 && (size & (size - 1)) === 0 ? size : undefined
}

/** How many pages the header says there are; nothing where it does not know. */
export function pagesOf(image: Buffer): number | undefined {
  const pages = image.readUInt32BE(at.pages)
  const isKnown = pages > 0 && image.readUInt32BE(at.changes) === image.readUInt32BE(at.validFor)
  return isKnown ? pages : undefined
}

/** Says in a copy of a database that it has no write-ahead log, because what was in it is in the copy. */
export function withoutWal(image: Buffer): void {
  image[at.writeVersion] = withoutLog
  image[at.readVersion] = withoutLog
}
