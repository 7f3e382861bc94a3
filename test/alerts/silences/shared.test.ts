import { join } from 'node:path'
import fc from 'fast-check'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Alert } from '../../../src/alerts/alert.ts'
import { openOwnSilences, type OwnSilences } from '../../../src/alerts/silences/own.ts'
import { readAcknowledgement, readSilence } from '../../../src/alerts/silences/request.ts'
import { stateFile } from '../../../src/lib/io/state-file.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { anAlert, resolved } from '../../support/alerts/alerts.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { testTime } from '../../support/time/timers.ts'

const start = Date.parse('2026-11-21T12:00:00Z')

/** One of two solos. Its clock may be wrong. */
interface Side {
  readonly ahead: number
  firing: Alert[]
  changes: number
  own: OwnSilences
  /** Ends without a word, and starts again on its file. */
  readonly restart: () => Promise<void>
}

let now: number
let a: Side
let b: Side

async function openSide(ahead: number): Promise<Side> {
  const file = stateFile(join(await tempFolder(), 'silences.json'))
  const open = (): Promise<OwnSilences> =>
    openOwnSilences({
      file,
      firing: () => side.firing,
      changed: () => void side.changes++,
      clock: { now: () => now + ahead },
      timers: testTime().timers,
      log: createLogger({ destination: { write: () => undefined } }),
    })
  const side: Side = {
    ahead,
    firing: [],
    changes: 0,
    own: await open(),
    async restart() {
      await side.own.stop()
      side.own = await open()
    },
  }
  return side
}

/** As a message of one to the other, which knows nothing yet. */
function tell(from: Side, to: Side): void {
  const { entries } = from.own.ledger.since(0)
  to.own.ledger.merge(JSON.parse(JSON.stringify(entries)) as unknown[], to.ahead - from.ahead)
}

const silence = (match = 'shop', length = '2h') =>
  readSilence({ match, for: length, comment: 'deploy' }, { targets: ['shop'], by: 'anna', now })

const shop = (secondsAgo: number, { ahead }: Side): Alert =>
  anAlert({
    labels: { alertname: 'TargetDown', target: 'shop' },
    fingerprint: 'f1',
    startsAt: new Date(now + ahead - secondsAgo * 1000),
  })

/** Somebody takes care of what fires at a side. */
const acknowledge = (side: Side) =>
  side.own.add(
    readAcknowledgement({ target: 'shop' }, side.firing, {
      targets: ['shop'],
      by: 'anna',
      now: now + side.ahead,
    }),
  )

const ids = async ({ own }: Side): Promise<string[]> => (await own.list()).map(({ id }) => id).sort()

beforeEach(async () => {
  now = start
  a = await openSide(0)
  b = await openSide(3_600_000)
})

describe('silences of two solos', () => {
  it('made on one are in force on both, by the clock of each, and after a restart', async () => {
    const [made] = await a.own.add([silence()])
    tell(a, b)
    expect(await ids(b)).toEqual([made?.id])
    expect(b.changes).toBe(1)
    expect(b.own.mutedUntil(shop(5, b))).toBe(now + 2 * 3_600_000 + b.ahead)
    tell(a, b)
    expect(b.changes).toBe(1)
    await b.restart()
    expect(await ids(b)).toEqual([made?.id])
    now += 2 * 3_600_000
    tell(a, b)
    expect([await ids(a), await ids(b)]).toEqual([[], []])
  })

  it('keep their times where both clocks are right', async () => {
    b = await openSide(40)
    await a.own.add([silence()])
    tell(a, b)
    expect((await b.own.list())[0]?.endsAt).toEqual((await a.own.list())[0]?.endsAt)
  })

  it('ended on one are ended on both, and nothing undoes it', async () => {
    const [made] = await a.own.add([silence()])
    tell(a, b)
    await b.own.end(made?.id ?? '')
    await b.restart()
    // What A says was written before it heard of the end.
    tell(a, b)
    expect(await ids(b)).toEqual([])
    tell(b, a)
    expect([await ids(a), a.changes]).toEqual([[], 2])
    await a.restart()
    tell(b, a)
    tell(a, b)
    expect([await ids(a), await ids(b)]).toEqual([[], []])
  })

  it('are the same on both in the end, whatever happens in which order', async () => {
    const side = fc.constantFrom('a', 'b')
    const step = fc.oneof(
      fc.record({ make: side }),
      fc.record({ end: side, which: fc.nat(5) }),
      fc.record({ tell: side }),
      fc.record({ restart: side }),
    )
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 12 }), async (steps) => {
        const sides = { a: await openSide(0), b: await openSide(-7200_000) }
        const other = { a: 'b', b: 'a' } as const
        const [made, gone]: [string[], Set<string>] = [[], new Set()]
        for (const one of steps) {
          if ('make' in one)
            made.push(...(await sides[one.make as 'a'].own.add([silence()])).map(({ id }) => id))
          else if ('end' in one) {
            const ended = await sides[one.end as 'a'].own.end(made[one.which] ?? '')
            if (ended) gone.add(ended.id)
          } else if ('tell' in one) tell(sides[one.tell as 'a'], sides[other[one.tell as 'a']])
          else await sides[one.restart as 'a'].restart()
        }
        tell(sides.a, sides.b)
        tell(sides.b, sides.a)
        const expected = made.filter((id) => !gone.has(id)).sort()
        expect(await ids(sides.a)).toEqual(expected)
        expect(await ids(sides.b)).toEqual(expected)
      }),
      { numRuns: 60 },
    )
  })

  it('that are not valid are skipped, and the others count', async () => {
    await a.own.add([silence()])
    const { entries } = a.own.ledger.since(0)
    const strange = [null, {}, { silence: { id: 'x' } }, { ended: { id: 'x' } }, { silence: 'x' }]
    b.own.ledger.merge([...strange, ...(JSON.parse(JSON.stringify(entries)) as unknown[])], 0)
    expect(await ids(b)).toEqual(await ids(a))
  })
})

describe('acknowledgements of two solos', () => {
  it('are about the incident that each of them sees, and end with it', async () => {
    a.firing = [shop(60, a)]
    b.firing = [shop(57, b)]
    await acknowledge(a)
    tell(a, b)
    expect(b.own.mutedUntil(b.firing[0]!)).toBe(now + 86_400_000 + b.ahead)
    // A no longer sees it, and B does: there it is still taken care of.
    a.own.heard([resolved(a.firing[0]!)])
    a.firing = []
    tell(a, b)
    expect([await ids(a), (await ids(b)).length]).toEqual([[], 1])
    tell(b, a)
    expect(await ids(a)).toEqual([])
    b.own.heard([resolved(b.firing[0]!)])
    expect(await ids(b)).toEqual([])
    now += 1000
    expect(b.own.mutedUntil(shop(0, b))).toBeUndefined()
  })

  it('are about what the other one finds a little later, and not about what begins much later', async () => {
    a.firing = [shop(60, a)]
    await acknowledge(a)
    tell(a, b)
    await b.restart()
    now += 30_000
    expect(b.own.mutedUntil(shop(0, b))).toBeDefined()
    now += 600_000
    expect(b.own.mutedUntil(shop(0, b))).toBeUndefined()
  })

  it('end with the incident of the one where it was acknowledged if the other one never saw it', async () => {
    a.firing = [shop(60, a)]
    await acknowledge(a)
    tell(a, b)
    expect(await ids(b)).toHaveLength(1)
    a.own.heard([resolved(a.firing[0]!)])
    tell(a, b)
    expect(await ids(b)).toEqual([])
  })

  it('that somebody ends are ended on both', async () => {
    a.firing = [shop(60, a)]
    b.firing = [shop(57, b)]
    const [made] = await acknowledge(a)
    tell(a, b)
    a.own.heard([resolved(a.firing[0]!)])
    await b.own.end(made?.id ?? '')
    tell(b, a)
    tell(a, b)
    expect([await ids(a), await ids(b)]).toEqual([[], []])
  })
})
