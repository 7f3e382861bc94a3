import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { toLogLine } from '../../src/channels/log/log.ts'
import { notifierCommand } from '../../src/commands/notifier.ts'
import { firing } from '../support/alerts/notifications.ts'

const text = await readFile(new URL('../../docs/notifier.md', import.meta.url), 'utf8')

/** The rows of the table under a heading, their cells without backticks. */
function table(heading: string): string[][] {
  const section = text.split(/^## /m).find((candidate) => candidate.startsWith(`${heading}\n`)) ?? ''
  return section
    .split('\n')
    .filter((line) => line.startsWith('| `'))
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim().replaceAll('`', '')),
    )
}

describe('docs/notifier.md', () => {
  it('describes every field of the alerts log, in its order', () => {
    const said = { witnesses: 'x', afterMark: 'x', shared: 'x', route: 'x', repair: 'x', formerly: 'old' }
    const notification = { ...firing, ...said, endsAt: new Date(0), ended: 'unwatched' as const }
    const fields = Object.keys(JSON.parse(toLogLine(notification, new Date(0))) as object)
    expect(table('Fields').map(([field]) => field)).toEqual(fields)
  })

  it('lists every flag with its environment variable and its default', () => {
    const flags = notifierCommand().options.map((option) => [
      option.long,
      option.envVar,
      option.defaultValueDescription ?? (option.defaultValue as string),
    ])
    expect(table('Flags')).toEqual(flags)
  })
})
