import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import type { Alert, AlertSink } from '../../../src/alerts/alert.ts'
import { stateChanges, type StateChangesOptions } from '../../../src/alerts/receiver/state-changes.ts'
import { anAlert, resolved } from '../../support/alerts/alerts.ts'

function at(minute: number): Date {
  return new Date(Date.UTC(2026, 10, 20, 12, minute))
}

/** A sink whose changes are written down as `a firing 12:00`. */
function recorded(options: Partial<StateChangesOptions> = {}): { sink: AlertSink; told: string[] } {
  const told: string[] = []
  const deliver = (alert: Alert): Promise<void> => {
    told.push(words(alert))
    return Promise.resolve()
  }
  return { sink: stateChanges({ deliver, ...options }), told }
}

function words({ fingerprint, status, startsAt }: Alert): string {
  return `${fingerprint} ${status} ${startsAt.toISOString().slice(11, 16)}`
}

interface Gate {
  readonly promise: Promise<void>
  readonly resolve: () => void
  readonly reject: (error: unknown) => void
}

function aGate(): Gate {
  let resolve = (): void => undefined
  let reject: Gate['reject'] = () => undefined
  const promise = new Promise<void>((...functions) => {
    ;[resolve, reject] = functions
  })
  return { promise, resolve, reject }
}

const a = anAlert({ fingerprint: 'a', startsAt: at(0) })
const b = anAlert({ fingerprint: 'b', startsAt: at(1) })
const aAgain = { ...a, startsAt: at(30) }

describe('changes of state', () => {
  it.each<[string, Alert[], string[]]>([
    ['a repeated firing is reported once', [a, a, a], ['a firing 12:00']],
    [
      'a repeated end is reported once',
      [a, resolved(a), resolved(a)],
      ['a firing 12:00', 'a resolved 12:00'],
    ],
    ['an end without a beginning is reported once', [resolved(a), resolved(a)], ['a resolved 12:00']],
    ['two alerts are two', [a, b, a, b], ['a firing 12:00', 'b firing 12:01']],
    [
      'a later incident is another',
      [a, resolved(a), aAgain, resolved(aAgain)],
      ['a firing 12:00', 'a resolved 12:00', 'a firing 12:30', 'a resolved 12:30'],
    ],
    [
      'a later incident is another, though the end of the first was never heard of',
      [a, aAgain, a],
      ['a firing 12:00', 'a firing 12:30'],
    ],
    [
      'an alert that comes back after Alertmanager gave it up is reported again',
      [a, resolved(a), a],
      ['a firing 12:00', 'a resolved 12:00', 'a firing 12:00'],
    ],
    [
      'a start that becomes earlier is not another incident',
      [aAgain, a, resolved(a)],
      ['a firing 12:30', 'a resolved 12:00'],
    ],
    [
      'other words, labels aside, do not count as a change',
      [a, { ...a, annotations: { summary: 'for longer' } }],
      ['a firing 12:00'],
    ],
  ])('%s', async (_name, alerts, expected) => {
    const oneByOne = recorded()
    for (const alert of alerts) await oneByOne.sink([alert])
    expect(oneByOne.told).toEqual(expected)

    const atOnce = recorded()
    await Promise.all(alerts.map((alert) => atOnce.sink([alert])))
    expect(atOnce.told).toEqual(expected)

    const inOneMessage = recorded()
    await inOneMessage.sink(alerts)
    expect(inOneMessage.told).toEqual(expected)
  })

  it('go on where an earlier process stopped', async () => {
    const { sink, told } = recorded({ history: [a, b, resolved(b)] })
    await sink([a, resolved(b)])
    expect(told).toEqual([])
    await sink([resolved(a), b])
    expect(told).toEqual(['a resolved 12:00', 'b firing 12:01'])
  })

  it('are reported again when they were refused', async () => {
    const refusals = [new Error('disk full')]
    const told: string[] = []
    const sink = stateChanges({
      async deliver(alert) {
        await Promise.resolve()
        const refusal = refusals.pop()
        if (refusal) throw refusal
        told.push(words(alert))
      },
    })
    await expect(sink([a])).rejects.toThrow('disk full')
    await sink([a])
    await sink([a])
    expect(told).toEqual(['a firing 12:00'])
  })

  it('refuse the message in which one of several was refused, and tell only that one again', async () => {
    let full = true
    const told: string[] = []
    const sink = stateChanges({
      deliver(alert) {
        if (full && alert.fingerprint === 'b') return Promise.reject(new Error('disk full'))
        told.push(words(alert))
        return Promise.resolve()
      },
    })
    await expect(sink([a, b])).rejects.toThrow('disk full')
    full = false
    await sink([a, b])
    expect(told).toEqual(['a firing 12:00', 'b firing 12:01'])
  })

  it('hold back the answer to a repetition until the first is safe, and refuse it with the first', async () => {
    const gates = new Map<string, Gate>()
    const gate = (fingerprint: string): Gate => {
      const made = gates.get(fingerprint) ?? aGate()
      gates.set(fingerprint, made)
      return made
    }
    const sink = stateChanges({ deliver: ({ fingerprint }) => gate(fingerprint).promise })
    const answers: string[] = []
    const answer = (name: string, alert: Alert): Promise<unknown> =>
      sink([alert]).then(
        () => answers.push(`${name} taken`),
        () => answers.push(`${name} refused`),
      )
    // While the first round is under way, the others gather for the next one.
    const first = answer('b', b)
    const later = [answer('a', a), answer('a again', a)]
    gate('b').resolve()
    await first
    await new Promise((resolve) => setImmediate(resolve))
    expect(answers).toEqual(['b taken'])
    gate('a').reject(new Error('disk full'))
    await Promise.all(later)
    expect(answers).toEqual(['b taken', 'a refused', 'a again refused'])
  })

  it('remember so many alerts and no more, those that still repeat the longest', async () => {
    const c = anAlert({ fingerprint: 'c' })
    const { sink, told } = recorded({ maxRemembered: 2 })
    await sink([a])
    await sink([b])
    await sink([a])
    await sink([c])
    told.length = 0
    await sink([a])
    await sink([b])
    expect(told).toEqual(['b firing 12:01'])
  })

  it('refuse what is more than may wait, and nothing once that is done', async () => {
    let open = (): void => undefined
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    const sink = stateChanges({ deliver: () => gate, maxWaiting: 2 })
    const first = sink([a])
    await expect(sink([b, aAgain])).rejects.toMatchObject({ code: 'BACKLOG_FULL' })
    open()
    await first
    await expect(sink([b, aAgain])).resolves.toBeUndefined()
  })

  const alerts = fc.array(
    fc.record({
      fingerprint: fc.constantFrom('a', 'b', 'c'),
      status: fc.constantFrom('firing' as const, 'resolved' as const),
      minute: fc.nat(3),
      refused: fc.boolean(),
      restart: fc.boolean(),
    }),
    { maxLength: 40 },
  )

  it('are the same whether the process restarts between them or not, and whatever is refused and sent again', async () => {
    await fc.assert(
      fc.asyncProperty(alerts, async (steps) => {
        const calm = recorded()
        const written: Alert[] = []
        let refuse = false
        const deliver = async (alert: Alert): Promise<void> => {
          await Promise.resolve()
          if (refuse) throw new Error('refused')
          written.push(alert)
        }
        let sink = stateChanges({ deliver })
        for (const { fingerprint, status, minute, refused, restart } of steps) {
          const alert = anAlert({ fingerprint, status, startsAt: at(minute) })
          await calm.sink([alert])
          if (restart) sink = stateChanges({ deliver, history: [...written] })
          refuse = refused
          await sink([alert]).catch(() => undefined)
          refuse = false
          await sink([alert])
        }
        expect(written.map(words)).toEqual(calm.told)
      }),
    )
  })

  it('never repeat themselves, and always end with what was last heard of a newest incident', async () => {
    await fc.assert(
      fc.asyncProperty(alerts, async (steps) => {
        const written: Alert[] = []
        const sink = stateChanges({
          async deliver(alert) {
            await Promise.resolve()
            written.push(alert)
          },
        })
        const sent = steps.map(({ fingerprint, status, minute }) =>
          anAlert({ fingerprint, status, startsAt: at(minute) }),
        )
        await Promise.all(sent.map((alert) => sink([alert])))
        for (const fingerprint of ['a', 'b', 'c']) {
          const ours = written.filter((alert) => alert.fingerprint === fingerprint)
          const last = sent.findLast((alert) => alert.fingerprint === fingerprint)
          expect(ours.at(-1)?.status).toBe(last?.status)
          for (const [index, alert] of ours.slice(1).entries()) {
            const before = ours[index]!
            expect(alert.status !== before.status || alert.startsAt > before.startsAt).toBe(true)
          }
        }
      }),
    )
  })
})
