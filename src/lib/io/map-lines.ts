/** A change of one entry; without a value it is removed. */
export type MapChange = readonly [key: string, value?: unknown]

/** The JSON text of every value, by its key. */
type Live = Map<string, string>

/** The first line of a file. Versions that do not know it pass over it. */
interface Header {
  /** The version of the format. */
  readonly probity: number
  /** How many lines followed when the file was written as a whole: with less, it was cut. */
  readonly lines: number
}

const version = 1

/** What a file came to. */
export interface ReadMapFile {
  /** Lines of entries in it. */
  readonly lines: number
  /** What is wrong with it, to follow its name; undefined where nothing is. */
  readonly damage?: string
}

/** The file of a map as it is now. */
export function writeMapFile(live: Live): string {
  const header: Header = { probity: version, lines: live.size }
  const lines = [...live].map(([key, value]) => `[[${JSON.stringify(key)},${value}]]\n`)
  return `${JSON.stringify(header)}\n${lines.join('')}`
}

/** Makes one change. */
export function applyChange(live: Live, [key, value]: MapChange): void {
  if (value === undefined) live.delete(key)
  else live.set(key, JSON.stringify(value))
}

/**
 * Reads a file into a map. A last line that a crash has torn was never acknowledged, and is passed over.
 *
 * @param text Undefined: there is no file.
 */
export function readMapFile(text: string | undefined, live: Live): ReadMapFile {
  if (text === undefined) return { lines: 0 }
  if (text.trim() === '') return { lines: 0, damage: 'is empty' }
  const written = text.split('\n')
  const torn = written.pop() ?? ''
  const header = headerIn(written[0])
  if (header && header.probity > version) return { lines: 0, damage: 'was written by a newer version' }
  const lines = (header ? written.slice(1) : written).filter((line) => line !== '')
  let unreadable = 0
  for (const line of lines) {
    const changes = changesIn(line)
    if (!changes) unreadable += 1
    for (const change of changes ?? []) applyChange(live, change)
  }
  // The last line end may be missing, as in a file that somebody has edited.
  const last = changesIn(torn)
  for (const change of last ?? []) applyChange(live, change)
  if (written.length === 0 && !last) return { lines: 0, damage: 'is damaged' }
  if (header && lines.length + (last ? 1 : 0) < header.lines)
    return { lines: lines.length, damage: 'was cut' }
  if (unreadable === 0) return { lines: lines.length }
  const damage = `is damaged (${unreadable} of its ${lines.length} lines cannot be read)`
  return { lines: lines.length, damage }
}

function headerIn(line = ''): Header | undefined {
  const value = parse(line)
  const { probity, lines } = (value ?? {}) as Partial<Header>
  return typeof probity === 'number' && typeof lines === 'number' ? { probity, lines } : undefined
}

/** Undefined where a line is not one of a map. */
function changesIn(line: string): readonly MapChange[] | undefined {
  const changes = parse(line)
  return Array.isArray(changes) && changes.every(isChange) ? changes : undefined
}

function isChange(change: unknown): change is MapChange {
  return Array.isArray(change) && typeof change[0] === 'string'
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line) as unknown
  } catch {
    return undefined
  }
}
