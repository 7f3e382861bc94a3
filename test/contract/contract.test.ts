import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { runningServices } from './derive/running.ts'
import { linesNow, listFiles } from './lists.ts'

const takeOver =
  'Other programs, dashboards and files rely on this. If the change is meant: npm run contract, look at the diff, and write it into CHANGELOG.md.'

/** The services are really started, with a database each. */
const timeoutMs = 240_000

async function linesOf(file: string): Promise<string[]> {
  return (await readFile(join(import.meta.dirname, file), 'utf8')).trimEnd().split('\n')
}

/** What differs, as a diff shows it; nothing where nothing does. */
function difference(file: string, before: readonly string[], now: readonly string[]): string {
  const lines = [
    ...before.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
    ...now.filter((line) => !before.includes(line)).map((line) => `+ ${line}`),
  ]
  return lines.length === 0 ? '' : [`${file} differs.`, takeOver, ...lines].join('\n')
}

describe('what other programs see is unchanged', () => {
  it.each(listFiles)(
    '%s',
    async (file) => {
      const now = await linesNow(file)
      expect(now.length).toBeGreaterThan(0)
      expect(difference(file, await linesOf(file), now)).toBe('')
    },
    timeoutMs,
  )

  it(
    'no service shows a metric that is not in metrics.txt',
    async () => {
      const listed = (await linesOf('metrics.txt')).map((line) => line.split('  ').slice(0, 2).join(' '))
      const shown = (await runningServices()).flatMap(({ metrics }) =>
        [...metrics.matchAll(/^# TYPE (.+)$/gm)].map(([, family = '']) => family),
      )
      const own = shown.filter((family) => !/^(process|nodejs)_/.test(family))
      expect(own.length).toBeGreaterThan(10)
      expect(own.filter((family) => !listed.includes(family))).toEqual([])
    },
    timeoutMs,
  )
})
