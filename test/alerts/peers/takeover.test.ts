import { beforeEach, describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/alerts/alert.ts'
import { anAlert } from '../../support/alerts/alerts.ts'
import { start, startPair, type Pair, type Side } from './support/pair.ts'

let pair: Pair
let first: Side
let second: Side

beforeEach(async () => {
  pair = startPair()
  ;({ first, second } = pair)
  await pair.time.pass(10)
})

const now = (): number => pair.time.clock.now()

function alertOf(target: string, over: Partial<Alert> = {}): Alert {
  return anAlert({
    labels: { alertname: 'TargetDown', target, severity: 'critical', location: 'here' },
    startsAt: new Date(Date.parse(start)),
    fingerprint: target,
    ...over,
  })
}

async function fires(side: Side, target: string): Promise<void> {
  await side.dispatcher().accept([alertOf(target, { startsAt: new Date(now()) })])
}

async function ends(side: Side, target: string): Promise<void> {
  const endsAt = new Date(now() + (side.name === 'b' ? 3_600_000 : 0))
  await side.dispatcher().accept([alertOf(target, { status: 'resolved', endsAt })])
}

describe('two solos that both work', () => {
  it('notify once, whichever of them sees it first', async () => {
    expect([first.role(), second.role()]).toEqual(['leading', 'standby'])
    await fires(first, 'shop')
    await pair.time.pass(2)
    await fires(second, 'shop')
    await fires(second, 'pay')
    await pair.time.pass(2)
    await fires(first, 'pay')
    await pair.time.pass(60)
    await ends(second, 'shop')
    await ends(first, 'pay')
    await pair.time.pass(2)
    await ends(first, 'shop')
    await ends(second, 'pay')
    await pair.time.pass(300)
    expect(pair.lines()).toEqual([
      '10 a shop firing',
      '14 a pay firing',
      '74 a pay resolved',
      '76 a shop resolved',
    ])
    expect(first.dispatcher().pending()).toEqual([])
    expect(second.dispatcher().pending()).toEqual([])
  })

  it('go by what the leader sees', async () => {
    await fires(second, 'shop')
    await pair.time.pass(300)
    await ends(second, 'shop')
    await pair.time.pass(60)
    expect(pair.lines()).toEqual([])
    expect(second.dispatcher().pending()).toEqual([])
  })

  it('repeat once, by the clock of the leader', async () => {
    pair.plans = [{ channel: 'chat', repeat: { kind: 'every', seconds: 100 } }]
    await fires(first, 'shop')
    await fires(second, 'shop')
    await pair.time.pass(250)
    expect(pair.got.map(({ from, status }) => `${from} ${status}`)).toEqual([
      'a firing',
      'a firing',
      'a firing',
    ])
  })
})

describe('the one that stands by', () => {
  it('takes over within 60 s when the leader is killed, and loses nothing', async () => {
    await fires(first, 'shop')
    await fires(second, 'shop')
    await pair.time.pass(60)
    first.kill()
    await pair.time.pass(5)
    await ends(second, 'shop')
    await fires(second, 'pay')
    await pair.time.pass(2)
    await ends(second, 'pay')
    await pair.time.pass(60)
    expect(pair.lines()).toEqual([
      '10 a shop firing',
      // What begins goes before what ends.
      expect.stringMatching(/ b pay firing \*$/),
      expect.stringMatching(/ b shop resolved \*$/),
      expect.stringMatching(/ b pay resolved \*$/),
    ])
    expect(pair.got[1]!.at).toBeLessThanOrEqual(70 + 60)
    expect(second.role()).toBe('alone')
  })

  it('sends again what may have been on its way, and nothing else', async () => {
    await fires(first, 'shop')
    await fires(second, 'shop')
    await pair.time.pass(10)
    pair.latency = 5
    await fires(first, 'pay')
    await fires(second, 'pay')
    await pair.time.pass(1)
    expect(first.inFlight()).toBe(1)
    first.kill()
    await pair.time.pass(90)
    expect(pair.got.map(({ from, target }) => `${from} ${target}`)).toEqual(['a shop', 'a pay', 'b pay'])
  })

  it('hands back when the leader returns, which sends the end of what it never saw', async () => {
    first.kill()
    await pair.time.pass(60)
    await fires(second, 'shop')
    await pair.time.pass(10)
    first.start()
    await pair.time.pass(10)
    expect([first.role(), second.role()]).toEqual(['leading', 'standby'])
    await ends(second, 'shop')
    await pair.time.pass(30)
    expect(pair.got.map(({ from, status }) => `${from} ${status}`)).toEqual(['b firing', 'a resolved'])
  })

  it('takes over where it was killed and started again itself', async () => {
    await fires(first, 'shop')
    await fires(second, 'shop')
    await pair.time.pass(20)
    second.kill()
    second.start()
    await pair.time.pass(20)
    first.kill()
    await pair.time.pass(60)
    await ends(second, 'shop')
    await pair.time.pass(10)
    expect(pair.got.map(({ from, status }) => `${from} ${status}`)).toEqual(['a firing', 'b resolved'])
  })
})

describe('a leader that is stopped', () => {
  it('says so: the other one takes over at once, and its messages need no remark', async () => {
    await fires(first, 'shop')
    await fires(second, 'shop')
    await pair.time.pass(10)
    await first.stop()
    expect(second.role()).toBe('alone')
    await ends(second, 'shop')
    await pair.time.pass(2)
    expect(pair.lines()).toEqual(['10 a shop firing', expect.stringMatching(/^25(\.\d)? b shop resolved$/)])
    await pair.time.pass(60)
    await fires(second, 'pay')
    await pair.time.pass(2)
    expect(pair.got.at(-1)?.remark).toBe('the peer a cannot be reached: it may have sent this too')
    first.start()
    await pair.time.pass(20)
    expect([first.role(), second.role()]).toEqual(['leading', 'standby'])
  })
})

describe('two notifiers, which hear of the same alerts', () => {
  it('send what one of them alone has heard of', async () => {
    pair = startPair({ eitherCounts: true })
    ;({ first, second } = pair)
    await pair.time.pass(10)
    await fires(second, 'shop')
    await pair.time.pass(60)
    await ends(second, 'shop')
    await pair.time.pass(60)
    expect(pair.got.map(({ from, status }) => `${from} ${status}`)).toEqual(['a firing', 'a resolved'])
    expect(pair.got[0]!.at).toBeLessThanOrEqual(10 + 45)
  })
})

describe('a leader', () => {
  it('that was frozen sends nothing that the other one has sent', async () => {
    pair.refuse = (from) => {
      if (from === 'a') throw new Error('the network is away')
    }
    await fires(first, 'shop')
    await fires(second, 'shop')
    await pair.time.pass(2)
    first.freeze()
    await pair.time.pass(60)
    pair.refuse = () => undefined
    expect(pair.lines()).toEqual([expect.stringMatching(/b shop firing \*$/)])
    first.thaw()
    await pair.time.pass(120)
    expect(pair.got).toHaveLength(1)
    expect(first.role()).toBe('leading')
    await ends(first, 'shop')
    await ends(second, 'shop')
    await pair.time.pass(60)
    expect(pair.got.map(({ from, status }) => `${from} ${status}`)).toEqual(['b firing', 'a resolved'])
  })

  it('that was away while an alert ended and began again sends that it has', async () => {
    await fires(first, 'shop')
    await fires(second, 'shop')
    await pair.time.pass(20)
    first.freeze()
    await pair.time.pass(60)
    await ends(second, 'shop')
    await pair.time.pass(10)
    first.thaw()
    await pair.time.pass(10)
    // For the first it has never ended.
    await fires(second, 'shop')
    await pair.time.pass(180)
    expect(pair.got.map(({ from, status }) => `${from} ${status}`)).toEqual([
      'a firing',
      'b resolved',
      'a firing',
    ])
  })
})

describe('two solos that cannot reach each other', () => {
  it('both notify, and say so, and only until they can', async () => {
    pair.linked = false
    await pair.time.pass(10)
    await fires(first, 'shop')
    await fires(second, 'shop')
    await pair.time.pass(60)
    expect(pair.lines().sort()).toEqual([
      expect.stringMatching(/a shop firing( \*)?$/),
      expect.stringMatching(/b shop firing \*$/),
    ])
    expect(pair.got.map(({ remark }) => remark)).toContain(
      'the peer a cannot be reached: it may have sent this too',
    )
    pair.linked = true
    await pair.time.pass(20)
    await ends(first, 'shop')
    await ends(second, 'shop')
    await pair.time.pass(60)
    expect(pair.lines().slice(2)).toEqual([expect.stringMatching(/a shop resolved$/)])
  })
})
