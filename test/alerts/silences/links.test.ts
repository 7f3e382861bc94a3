import { beforeEach, describe, expect, it } from 'vitest'
import { createSeal } from '../../../src/access/login/seal.ts'
import type { Alert } from '../../../src/alerts/alert.ts'
import { openSilenceLinks, type SilenceLinks } from '../../../src/alerts/silences/links.ts'
import type { NewSilence } from '../../../src/alerts/silences/request.ts'
import { anAlert } from '../../support/alerts/alerts.ts'

const start = Date.parse('2026-11-21T12:00:00Z')
const shop = anAlert({ startsAt: new Date(start - 60_000) })

let now: number
let firing: Alert[]
let made: NewSilence[]
let saved: unknown
let full: boolean

/** The links of a process: what it saves is what the next one loads. */
function open(key = 'k'): Promise<SilenceLinks> {
  return openSilenceLinks({
    ...createSeal(key, 'link of a message'),
    keeper: {
      firing: () => Promise.resolve(firing.map((alert) => ({ ...alert, silencedBy: [] }))),
      add(silences) {
        made.push(...silences)
        return Promise.resolve(silences.map((each) => ({ ...each, id: 's1' })))
      },
    },
    file: {
      load: (parse) => Promise.resolve(parse(saved)),
      save(state) {
        if (full) return Promise.reject(new Error('full'))
        saved = JSON.parse(JSON.stringify(state))
        return Promise.resolve()
      },
    },
    clock: { now: () => now },
  })
}

beforeEach(() => {
  now = start
  firing = [shop]
  made = []
  saved = undefined
  full = false
})

describe('the link of a message', () => {
  it('says what it would do without doing it, and does it once, also for the next process', async () => {
    const links = await open()
    const { acknowledge: token } = links.tokensFor(shop)
    expect(token).toMatch(/^[\w-]{100,250}$/)
    expect(await links.look(token)).toMatchObject({
      action: 'acknowledge',
      alert: { fingerprint: shop.fingerprint },
    })
    expect(made).toEqual([])
    await links.act(token, 'anna')
    expect(made).toMatchObject([
      {
        createdBy: 'anna (by the link of a message)',
        endsAt: new Date(start + 86_400_000),
        acknowledges: { alertname: 'TargetDown', incident: { fingerprint: shop.fingerprint } },
      },
    ])
    for (const process of [links, await open()])
      await expect(process.act(token, 'ben')).rejects.toThrow('This link was used already, and works once.')
    expect(made).toHaveLength(1)
  })

  it('cannot be used again by writing it in another way', async () => {
    const links = await open()
    const { acknowledge: token } = links.tokensFor(shop)
    await links.act(token, '')
    const others = [
      `${token}=`,
      ` ${token}`,
      `${token.slice(0, 9)}\n${token.slice(9)}`,
      token.replaceAll('-', '+').replaceAll('_', '/'),
    ]
    for (const other of others)
      await expect(links.act(other, '')).rejects.toThrow(/used already|is not valid/)
    expect(made).toHaveLength(1)
  })

  it('does its own action, with a name or without', async () => {
    const links = await open()
    await links.act(links.tokensFor(shop).silence, ' ')
    expect(made).toMatchObject([
      { createdBy: 'the link of a message', endsAt: new Date(start + 4 * 3_600_000) },
    ])
    expect(made[0]).not.toHaveProperty('acknowledges')
  })

  it('is used at most once by two who use it together', async () => {
    const links = await open()
    const { acknowledge: token } = links.tokensFor(shop)
    const outcomes = await Promise.allSettled([links.act(token, 'anna'), links.act(token, 'ben')])
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
    expect(made).toHaveLength(1)
  })

  it.each<[string, (token: string) => string | Promise<string>, string]>([
    ['cut', (token) => token.slice(0, -5), 'This link is not valid'],
    ['empty', () => '', 'This link is not valid'],
    ['guessed', () => Buffer.alloc(120, 7).toString('base64url'), 'This link is not valid'],
    [
      'changed',
      (token) => token.slice(0, 60) + (token[60] === 'A' ? 'B' : 'A') + token.slice(61),
      'This link is not valid',
    ],
    [
      'of another key',
      async () => (await open('other')).tokensFor(shop).acknowledge,
      'This link is not valid',
    ],
    [
      'sealed for something else',
      () =>
        createSeal('k', 'session').seal({
          id: 'x',
          action: 'silence',
          fingerprint: 'f',
          since: 0,
          until: now + 1,
        }),
      'This link is not valid',
    ],
  ])('does nothing when it is %s', async (_how, change, words) => {
    const links = await open()
    const token = await change(links.tokensFor(shop).acknowledge)
    await expect(links.look(token)).rejects.toThrow(words)
    await expect(links.act(token, '')).rejects.toThrow(words)
    expect(made).toEqual([])
  })

  it('expires after a day, and with its incident', async () => {
    const links = await open()
    const { acknowledge: token } = links.tokensFor(shop)
    now += 86_400_000
    await expect(links.look(token)).rejects.toThrow('This link has expired: links are valid for a day.')
    now = start + 1
    firing = [{ ...shop, startsAt: new Date(now) }]
    await expect(links.act(token, '')).rejects.toThrow('The alert that this link is about has ended.')
    firing = []
    await expect(links.act(token, '')).rejects.toThrow('The alert that this link is about has ended.')
    expect(made).toEqual([])
  })

  it('does nothing where it cannot be remembered, and works later; what has expired is forgotten', async () => {
    const links = await open()
    const { acknowledge: token, silence } = links.tokensFor(shop)
    full = true
    await expect(links.act(token, '')).rejects.toThrow('full')
    expect(made).toEqual([])
    full = false
    await links.act(token, '')
    expect(Object.keys((saved as { used: object }).used)).toHaveLength(1)
    await expect(links.act(token, '')).rejects.toThrow('used already')
    now += 86_400_000
    await expect(links.act(silence, '')).rejects.toThrow('expired')
    await links.act(links.tokensFor(shop).silence, '')
    expect(Object.keys((saved as { used: object }).used)).toHaveLength(1)
  })
})
