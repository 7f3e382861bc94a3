import { readFile, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/alerts/alert.ts'
import {
  openOwnSilences,
  type OwnSilences,
  type OwnSilencesOptions,
} from '../../../src/alerts/silences/own.ts'
import { readAcknowledgement, readSilence } from '../../../src/alerts/silences/request.ts'
import { stateFile } from '../../../src/lib/io/state-file.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { anAlert, resolved } from '../../support/alerts/alerts.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { testTime } from '../../support/time/timers.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const start = Date.parse('2026-11-21T12:00:00Z')
const shop = anAlert({
  labels: { alertname: 'TargetDown', target: 'shop' },
  fingerprint: 'f1',
  startsAt: new Date(start - 1000),
})

let now: number
let path: string
let firing: Alert[]
let changes: number

const reading = () => ({ targets: ['shop'], by: 'anna', now })
const silence = (match: string, length = '2h') =>
  readSilence({ match, for: length, comment: 'deploy' }, reading())

const options = (): OwnSilencesOptions => ({
  file: stateFile(path),
  firing: () => firing,
  changed: () => void changes++,
  clock: { now: () => now },
  timers: testTime('2026-11-21T12:00:00Z').timers,
  log: createLogger({ destination: { write: () => undefined } }),
  maxSilences: 3,
})

const open = (): Promise<OwnSilences> => openOwnSilences(options())

beforeEach(async () => {
  now = start
  path = join(await tempFolder(), 'silences.json')
  firing = [shop]
  changes = 0
})

describe('silences of this process', () => {
  it('mute what they are about until they end, also in the next process', async () => {
    const silences = await open()
    expect(silences.mutedUntil(shop)).toBeUndefined()
    const [made] = await silences.add([silence('shop')])
    expect(changes).toBe(1)
    expect(silences.mutedUntil(shop)).toBe(start + 7_200_000)
    expect(silences.mutedUntil(anAlert({ labels: { target: 'blog' } }))).toBeUndefined()
    // Nothing is closed: as a killed process.
    const next = await open()
    expect(await next.list()).toMatchObject([{ id: made?.id, createdBy: 'anna', comment: 'deploy' }])
    expect(next.mutedUntil(shop)).toBe(start + 7_200_000)
    expect(await next.firing()).toMatchObject([{ fingerprint: 'f1', silencedBy: [made?.id] }])
    now += 7_200_000
    expect(next.mutedUntil(shop)).toBeUndefined()
    expect(await next.list()).toEqual([])
    expect((await stat(path)).mode & 0o777).toBe(0o600)
  })

  it('mute until the last of them ends, and are ended by their number', async () => {
    const silences = await open()
    const [long] = await silences.add([silence('shop', '3h'), silence('alertname=TargetDown', '1h')])
    expect(silences.mutedUntil(shop)).toBe(start + 3 * 3_600_000)
    expect(await silences.end('nothing')).toBeUndefined()
    expect(await silences.end(long?.id ?? '')).toMatchObject({ id: long?.id })
    expect(silences.mutedUntil(shop)).toBe(start + 3_600_000)
    expect(await (await open()).list()).toHaveLength(1)
  })

  it('are no more than are allowed', async () => {
    const silences = await open()
    await silences.add([silence('shop'), silence('a=b'), silence('c=d')])
    await expect(silences.add([silence('e=f')])).rejects.toThrow(
      'there are 3 silences already, and at most 3 at a time: end some of them, or use one with a regex',
    )
    now += 7_200_000
    expect(await silences.add([silence('e=f')])).toHaveLength(1)
  })

  it('are not in force where they cannot be kept, and end all the same; the file follows when it can', async () => {
    let full = false
    let saved: unknown
    const time = testTime('2026-11-21T12:00:00Z')
    const silences = await openOwnSilences({
      ...options(),
      timers: time.timers,
      file: {
        load: () => Promise.resolve(undefined),
        save(state) {
          if (full) return Promise.reject(new Error('full'))
          saved = JSON.parse(JSON.stringify(state))
          return Promise.resolve()
        },
      },
    })
    const [made] = await silences.add([silence('shop')])
    full = true
    await expect(silences.add([silence('alertname=TargetDown', '3h')])).rejects.toThrow('full')
    expect(silences.mutedUntil(shop)).toBe(start + 7_200_000)
    expect(await silences.end(made?.id ?? '')).toBeDefined()
    expect(silences.mutedUntil(shop)).toBeUndefined()
    expect(saved).toMatchObject({ silences: [{ id: made?.id }] })
    full = false
    await time.pass(6)
    expect(saved).toMatchObject({ silences: [], ended: [{ id: made?.id, over: false }] })
    await silences.stop()
  })

  it('that acknowledge an incident end with it, and are about no other', async () => {
    const silences = await open()
    await silences.add(readAcknowledgement({ target: 'shop' }, firing, reading()))
    expect(silences.mutedUntil(shop)).toBe(start + 86_400_000)
    const again = { ...shop, startsAt: new Date(start) }
    expect(silences.mutedUntil(again)).toBeUndefined()
    silences.heard([again])
    expect(await silences.list()).toHaveLength(1)
    silences.heard([resolved(shop)])
    expect(await silences.list()).toEqual([])
    await waitFor('the file', async () =>
      /"silences":\[\],"ended":\[.*"over":true/.test(await readFile(path, 'utf8')),
    )
  })

  it('that are damaged are kept aside and count as none', async () => {
    for (const text of ['{', '{"version":1,"silences":[{"id":"x"}]}', '{"version":2}']) {
      await writeFile(path, text)
      expect(await (await open()).list()).toEqual([])
    }
  })
})
