import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isScalar, parseDocument, visit } from 'yaml'

/** The root of the checkout. */
export const root = fileURLToPath(new URL('../..', import.meta.url))

export interface Rendering {
  /** What stands in the shipped files, and what it becomes: host:port pairs and paths. */
  readonly replace: Readonly<Record<string, string>>
  /** By how much timers are divided. 1 leaves them as they are shipped. */
  readonly speedUp: number
}

/** The timers of rules, scrapes and notifications. Ranges inside expressions stay: they are what the rules mean. */
const timers = new Set([
  'scrape_interval',
  'scrape_timeout',
  'evaluation_interval',
  'interval',
  'for',
  'keep_firing_for',
  'group_wait',
  'group_interval',
  'repeat_interval',
])

const unitSeconds: Readonly<Record<string, number>> = { ms: 0.001, s: 1, m: 60, h: 3600, d: 86_400 }

/** Copies shipped folders (prometheus, alertmanager), with other addresses and, for tests, faster timers. */
export async function renderShippedFiles(
  folders: readonly string[],
  into: string,
  how: Rendering,
): Promise<void> {
  for (const folder of folders) {
    const from = join(root, folder)
    for (const entry of await readdir(from, { recursive: true, withFileTypes: true })) {
      if (!entry.isFile()) continue
      const source = join(entry.parentPath, entry.name)
      const destination = join(into, folder, relative(from, source))
      await mkdir(dirname(destination), { recursive: true })
      if (!/\.ya?ml$/.test(entry.name)) await cp(source, destination)
      else await writeFile(destination, render(await readFile(source, 'utf8'), how))
    }
  }
}

/** One shipped or rendered file with these addresses and timers. */
export function render(text: string, { replace, speedUp }: Rendering): string {
  const replaced = Object.entries(replace).reduce((result, [from, to]) => result.replaceAll(from, to), text)
  if (speedUp === 1) return replaced
  const document = parseDocument(replaced)
  visit(document, {
    Pair(_key, pair) {
      if (!isScalar(pair.key) || !isScalar(pair.value) || !timers.has(String(pair.key.value))) return
      pair.value.value = faster(String(pair.value.value), speedUp)
    },
  })
  return document.toString({ lineWidth: 0 })
}

function faster(duration: string, speedUp: number): string {
  const [, count, unit] = /^(\d+)(ms|s|m|h|d)$/.exec(duration) ?? []
  if (count === undefined || unit === undefined) return duration
  return `${Math.ceil((Number(count) * (unitSeconds[unit] ?? 1) * 1000) / speedUp)}ms`
}
