import { describe, expect, it } from 'vitest'
import { readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { DeliveryError, type Notification } from '../../../src/channels/channel.ts'
import { openLogChannel, type LogChannel } from '../../../src/channels/log/log.ts'
import { aNotification } from '../../support/alerts/alerts.ts'
import { testClock } from '../../support/time/clock.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const { signal } = new AbortController()

async function open(path: string): Promise<{ channel: LogChannel; printed: string[] }> {
  const printed: string[] = []
  const stdout = { write: (text: string) => printed.push(text) }
  return { channel: await openLogChannel({ path, stdout, clock: testClock() }), printed }
}

async function lineOf(notification: Notification): Promise<string> {
  const path = join(await tempFolder(), 'alerts.log')
  const { channel } = await open(path)
  await channel.deliver(notification, signal)
  await channel.close()
  return readFile(path, 'utf8')
}

describe('the alerts log', () => {
  it('has one JSON line per notification, with every field', async () => {
    const notification = aNotification({
      status: 'resolved',
      endsAt: new Date('2026-11-20T12:05:00.123Z'),
      reason: 'connect',
    })
    expect(await lineOf(notification)).toBe(
      '{"time":"2026-11-20T12:00:00.000Z","status":"resolved","alertname":"TargetDown","target":"shop",' +
        '"severity":"critical","summary":"shop has failed every check for 1m 30s",' +
        '"description":"The log and the target page have the message of every failed check.","reason":"connect",' +
        '"runbook_url":"docs/alerts.md#targetdown","dashboard_url":"/d/probity-target?var-target=shop",' +
        '"starts_at":"2026-11-20T12:00:00.000Z","ends_at":"2026-11-20T12:05:00.123Z",' +
        '"labels":{"alertname":"TargetDown","target":"shop","severity":"critical"},"fingerprint":"c30d72ef72a2c6ea"}\n',
    )
  })

  it('leaves out the end of what fires and the reason that is not known', async () => {
    const line = JSON.parse(await lineOf(aNotification())) as object
    expect(line).not.toHaveProperty('ends_at')
    expect(line).not.toHaveProperty('reason')
  })

  it('keeps to one line whatever an alert says', async () => {
    const summary = 'a\nb\r\nc\u2028d\u0000"e"\\ \ud800'
    const text = await lineOf(aNotification({ summary }))
    expect(text.indexOf('\n')).toBe(text.length - 1)
    expect(JSON.parse(text)).toMatchObject({ summary })
  })

  it('copies every line to stdout', async () => {
    const path = join(await tempFolder(), 'alerts.log')
    const { channel, printed } = await open(path)
    await Promise.all(
      ['one', 'two', 'three'].map((target) => channel.deliver(aNotification({ target }), signal)),
    )
    await channel.close()
    expect(printed).toHaveLength(3)
    expect(printed.join('')).toBe(await readFile(path, 'utf8'))
  })

  it('does not deliver while the disk is full, and says that a retry makes sense', async () => {
    const path = join(await tempFolder(), 'alerts.log')
    await symlink('/dev/full', path)
    const { channel, printed } = await open(path)
    const refused: unknown = await channel.deliver(aNotification(), signal).catch((error: unknown) => error)
    expect(refused).toBeInstanceOf(DeliveryError)
    expect(refused).toMatchObject({
      code: 'DELIVERY_FAILED',
      retry: true,
      message: expect.stringMatching(/^cannot write the alerts log .*ENOSPC/),
    })
    // Readers of stdout are notified, once.
    await expect(channel.deliver(aNotification(), signal)).rejects.toMatchObject({ retry: true })
    expect(printed).toHaveLength(1)
    await channel.close()
  })

  it('cannot be opened where a file stands in for its folder', async () => {
    const path = join(await tempFolder(), 'alerts.log')
    const { channel } = await open(path)
    await channel.close()
    await expect(open(join(path, 'alerts.log'))).rejects.toMatchObject({ code: 'DELIVERY_FAILED' })
  })

  it('writes nothing once its caller has given up', async () => {
    const path = join(await tempFolder(), 'alerts.log')
    const { channel } = await open(path)
    await expect(channel.deliver(aNotification(), AbortSignal.abort())).rejects.toThrow('aborted')
    await channel.close()
    expect(await readFile(path, 'utf8')).toBe('')
  })
})
