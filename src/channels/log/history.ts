import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import * as z from 'zod'
import { codeOf } from '../../lib/errors.ts'
import { tailLines } from '../../lib/io/tail.ts'

const loggedLine = z.object({
  fingerprint: z.string(),
  status: z.enum(['firing', 'resolved']),
  starts_at: z.iso.datetime().transform((text) => new Date(text)),
  labels: z.record(z.string(), z.string()).catch({}),
  summary: z.string().catch(''),
})

/** What the alerts log says about one alert. */
export interface Logged {
  readonly fingerprint: string
  readonly status: 'firing' | 'resolved'
  readonly startsAt: Date
  readonly labels: Readonly<Record<string, string>>
  /** Empty where the line has none. */
  readonly summary: string
}

/**
 * Reads the last entries of the alerts log, the oldest first. Where the file itself is shorter than `maxBytes`, the file that it
 * was rotated into is read too, unless it is compressed. Lines that are not of the alerts log are passed over.
 *
 * @param maxBytes How far back to read. Default 4 MiB, some thousands of lines.
 */
export async function readLogHistory(path: string, maxBytes = 4 * 1024 * 1024): Promise<Logged[]> {
  const current = await tailLines(path, maxBytes)
  const rotated = current.bytes < maxBytes ? await newestRotated(path) : undefined
  const earlier = rotated === undefined ? [] : (await tailLines(rotated, maxBytes - current.bytes)).lines
  return [...earlier, ...current.lines].flatMap(parseLine)
}

/** The alerts whose last line says that they fire, with what the log has of them. */
export function firingIn(history: readonly Logged[]) {
  const last = new Map(history.map((line) => [line.fingerprint, line]))
  return [...last.values()]
    .filter(({ status }) => status === 'firing')
    .map(({ summary, ...alert }) => ({ ...alert, annotations: { summary } }))
}

function parseLine(line: string): Logged[] {
  let value: unknown
  try {
    value = JSON.parse(line)
  } catch {
    return []
  }
  const { success, data } = loggedLine.safeParse(value)
  if (!success) return []
  const { starts_at: startsAt, ...others } = data
  return [{ ...others, startsAt }]
}

/** logrotate's names: `alerts.log.1`, or `alerts.log-20300101` with `dateext`. */
async function newestRotated(path: string): Promise<string | undefined> {
  const folder = dirname(path)
  const prefix = basename(path)
  const names = (await readFolder(folder)).filter(
    (name) => name.startsWith(prefix) && /^[.-][\d-]+$/.test(name.slice(prefix.length)),
  )
  const files = await Promise.all(
    names.map(async (name) => {
      const file = join(folder, name)
      return { file, modified: (await stat(file)).mtimeMs }
    }),
  )
  return files.sort((a, b) => b.modified - a.modified)[0]?.file
}

async function readFolder(folder: string): Promise<string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw error
  }
}
