import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { channelTypes } from '../../src/channels/index.ts'
import { rulesFiles, rulesOf } from '../prometheus/shipped.ts'
import { serviceNames, servicePage } from '../support/alerts/golden-services.ts'
import { firing } from '../support/alerts/notifications.ts'
import { asRead, goldenNotifications, goldenPage } from '../support/alerts/golden.ts'

/** Addresses in messages that nobody is to open: of the target itself, and of the format of Teams. */
const noLinks = ['https://shop.example.com/health', 'http://adaptivecards.io/schemas/adaptive-card.json']

describe('what receivers read of each alert', () => {
  it.each(Object.keys(asRead))('through %s is what is in golden', async (channel) => {
    const golden = await readFile(join(import.meta.dirname, 'golden', `${channel}.txt`), 'utf8')
    // `npm run golden` writes them: look at what has changed before it is committed.
    expect(goldenPage(channel)).toBe(golden)
  })

  it.each(serviceNames)('by %s is what is in golden/services', async (service) => {
    const golden = await readFile(join(import.meta.dirname, 'golden/services', `${service}.txt`), 'utf8')
    expect(await servicePage(service)).toBe(golden)
  })

  // test/app/links.test.ts opens these links, for every alert. Somebody is called by voice, and reads none.
  it.each(serviceNames.filter((name) => name !== 'voice'))('by %s has every link, whole', async (service) => {
    const page = (await servicePage(service)).replaceAll('&amp;', '&')
    const found = [...page.matchAll(/https?:\/\/[^\s"'<>|)\]]+/g)].map(([link]) => link)
    const links = [firing.runbookUrl, firing.dashboardUrl, firing.targetUrl, firing.incidentUrl]
    expect(new Set(found.filter((link) => !noLinks.includes(link)))).toEqual(new Set(links))
  })

  it('leaves no channel out', () => {
    const read = [...Object.keys(asRead), ...serviceNames]
    expect(read.toSorted()).toEqual(['log', ...Object.keys(channelTypes)].toSorted())
  })

  it('leaves no alert out, neither its beginning nor its end', () => {
    const shipped = new Set(rulesFiles.flatMap(rulesOf).flatMap(({ alert }) => alert ?? []))
    const told = goldenNotifications()
    for (const status of ['firing', 'resolved'] as const)
      expect(new Set(told.filter((one) => one.status === status).map(({ alertname }) => alertname))).toEqual(
        shipped,
      )
  })

  it('invents nothing: no value is a hole, and no time is before the target existed', () => {
    for (const notification of goldenNotifications())
      for (const [channel, read] of Object.entries(asRead)) {
        if (channel === 'sentry' && notification.status === 'resolved') continue
        const text = read(notification)
        expect(text).not.toMatch(/undefined|\bNaN\b|\[object|Invalid Date|<no value>|\{\{|1970-01/)
        expect(text).not.toMatch(/, ,|\(\)/)
      }
  })
})
