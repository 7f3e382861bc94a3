import { expect, it } from 'vitest'
import { patientSink } from '../../../src/alerts/delivery/patient-sink.ts'
import { anAlert } from '../../support/alerts/alerts.ts'
import { testTime } from '../../support/time/timers.ts'

it('a patient sink never refuses: it tries again, in order, and forgets the oldest beyond its limit', async () => {
  const time = testTime()
  const taken: string[][] = []
  let full = true
  let attempts = 0
  const sink = patientSink({
    sink(alerts) {
      attempts++
      if (full) return Promise.reject(new Error('ENOSPC'))
      taken.push(alerts.map(({ fingerprint }) => fingerprint))
      return Promise.resolve()
    },
    timers: time.timers,
    everyMs: 1000,
    maxWaiting: 3,
  })
  const of = (fingerprint: string) => anAlert({ fingerprint })
  await Promise.all([sink([of('a')]), sink([of('b')])])
  // What came while the first was tried is tried at once.
  expect(attempts).toBe(2)
  await sink([of('c'), of('d')])
  await time.pass(2)
  expect(attempts).toBe(5)
  full = false
  await time.pass(1)
  await sink([of('e')])
  await time.pass(10)
  expect(taken).toEqual([['b', 'c', 'd'], ['e']])
})
