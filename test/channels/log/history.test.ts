import { describe, expect, it } from 'vitest'
import { rename, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readLogHistory } from '../../../src/channels/log/history.ts'
import { toLogLine } from '../../../src/channels/log/log.ts'
import { aNotification } from '../../support/alerts/alerts.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const time = new Date('2026-11-20T12:00:00Z')

function line(fingerprint: string): string {
  return `${toLogLine(aNotification({ fingerprint }), time)}\n`
}

async function fingerprints(path: string, maxBytes?: number): Promise<string[]> {
  return (await readLogHistory(path, maxBytes)).map(({ fingerprint }) => fingerprint)
}

describe('the history in the alerts log', () => {
  it('is empty before there is a log', async () => {
    await expect(readLogHistory(join(await tempFolder(), 'missing', 'alerts.log'))).resolves.toEqual([])
  })

  it('says what was reported last', async () => {
    const path = join(await tempFolder(), 'alerts.log')
    const notification = aNotification({ status: 'resolved', startsAt: new Date('2026-11-20T12:00:00.123Z') })
    await writeFile(path, `${toLogLine(notification, time)}\n`)
    await expect(readLogHistory(path)).resolves.toEqual([
      {
        fingerprint: 'c30d72ef72a2c6ea',
        status: 'resolved',
        summary: notification.summary,
        startsAt: new Date('2026-11-20T12:00:00.123Z'),
        labels: notification.labels,
      },
    ])
  })

  it('passes over lines that were cut or are of something else', async () => {
    const path = join(await tempFolder(), 'alerts.log')
    const other =
      '{"status":"firing"}\nnull\nhello\n{"fingerprint":"x","status":"firing","starts_at":"soon"}\n'
    await writeFile(path, `${line('a')}${line('cut').slice(0, 50)}\n${other}${line('b')}`)
    expect(await fingerprints(path)).toEqual(['a', 'b'])
  })

  it('counts a last line that lacks no more than its line end', async () => {
    const path = join(await tempFolder(), 'alerts.log')
    await writeFile(path, line('a') + line('b').trimEnd())
    expect(await fingerprints(path)).toEqual(['a', 'b'])
  })

  it('reaches back no further than it may', async () => {
    const path = join(await tempFolder(), 'alerts.log')
    await writeFile(path, line('a') + line('b') + line('c'))
    expect(await fingerprints(path, 2 * line('a').length + 10)).toEqual(['b', 'c'])
  })

  it.each(['alerts.log.1', 'alerts.log-20261120'])('goes on in %s after a rotation', async (name) => {
    const folder = await tempFolder()
    const path = join(folder, 'alerts.log')
    await writeFile(path, line('a'))
    await rename(path, join(folder, name))
    expect(await fingerprints(path)).toEqual(['a'])
    await writeFile(path, line('b'))
    expect(await fingerprints(path)).toEqual(['a', 'b'])
  })

  it('takes the newest rotated file, and no compressed or foreign one', async () => {
    const folder = await tempFolder()
    const path = join(folder, 'alerts.log')
    for (const name of ['alerts.log.2', 'alerts.log.3.gz', 'alerts.log.old', 'other.log.1']) {
      await writeFile(join(folder, name), line(name))
    }
    await writeFile(join(folder, 'alerts.log.1'), line('newest'))
    await utimes(join(folder, 'alerts.log.2'), time, time)
    await writeFile(path, line('current'))
    expect(await fingerprints(path)).toEqual(['newest', 'current'])
  })
})
