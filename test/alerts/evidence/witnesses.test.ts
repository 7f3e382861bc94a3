import { expect, it } from 'vitest'
import { failingSince, withTestimony, type Testimony } from '../../../src/alerts/evidence/witnesses.ts'
import { anAlert, resolved } from '../../support/alerts/alerts.ts'

const vendor = (state: string) => ({ vendor: { name: 'acme', state } })
const calls = (of: number, errors: number) => ({ calls: { calls: of, errors, maxErrorRatio: 0.05 } })

it.each<[testimony: Testimony, words: string]>([
  [
    { succeeded: false, ...calls(200, 0), ...vendor('operational') },
    'checks fail, calls work, vendor acme says operational: 1 of 3 sees trouble',
  ],
  [
    { succeeded: false, ...calls(200, 12), ...vendor('partial_outage') },
    'checks fail, 12 of 200 calls fail, vendor acme says partial outage: 3 of 3 see trouble',
  ],
  [{ succeeded: true, ...calls(200, 2) }, 'checks work, 2 of 200 calls fail: 0 of 2 see trouble'],
  [
    { succeeded: false, ...calls(0, 0), ...vendor('unknown') },
    'checks fail, no calls, what vendor acme says is not known: 1 of 1 sees trouble',
  ],
  [
    { succeeded: false, ...vendor('maintenance') },
    'checks fail, vendor acme says maintenance: 2 of 2 see trouble',
  ],
])('%j: %s', (testimony, words) => {
  expect(withTestimony(anAlert(), testimony).annotations.witnesses).toBe(words)
})

it('nothing is said where there is one witness, where nobody knows, and at the end', () => {
  const alert = anAlert()
  expect(withTestimony(alert, { succeeded: false })).toBe(alert)
  expect(withTestimony(alert, undefined)).toBe(alert)
  const over = resolved(alert)
  expect(withTestimony(over, { succeeded: true, ...vendor('operational') })).toBe(over)
})

it('what had changed before is said', () => {
  const after = { title: 'checkout 1.4.2', seconds: 180 }
  expect(withTestimony(anAlert(), { after }).annotations.after_mark).toBe('began 3m after checkout 1.4.2')
  const over = resolved(anAlert())
  expect(withTestimony(over, { after })).toBe(over)
})

it('what it shares with others that fail is said of alerts about failures', () => {
  const shared = 'all 7 that fail share address 203.0.113.7, and none that works does'
  const about = (annotations: Record<string, string>) =>
    withTestimony(anAlert({ annotations }), { shared }).annotations
  expect(about({ reason: 'connect' }).shared).toBe(shared)
  expect(about({})).not.toHaveProperty('shared')
})

it('a target fails before its alert begins', () => {
  const startsAt = new Date('2026-11-20T12:05:00Z')
  expect(
    failingSince(anAlert({ startsAt, annotations: { failing_since: '1795175970', interval: '30' } })),
  ).toEqual(new Date('2026-11-20T12:00:00Z'))
  expect(failingSince(anAlert({ startsAt, annotations: {} }))).toEqual(startsAt)
})

it('how far the way leads is said of alerts about failures', () => {
  const route = 'nothing on the way to 203.0.113.9 answers'
  const about = (annotations: Record<string, string>) =>
    withTestimony(anAlert({ annotations }), { route }).annotations
  expect(about({ reason: 'timeout' }).route).toBe(route)
  expect(about({})).not.toHaveProperty('route')
})
