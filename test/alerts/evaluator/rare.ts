import { calls, story, subject } from './story/tell.ts'
import type { Calls } from './story/story.ts'
import type { Case } from './versions.ts'

export const callsErrorRateHigh = 'CallsErrorRateHigh'

const long = { length: 7200 }
const once = (at: number, each: Omit<Calls, 'at' | 'caller' | 'version'>): Calls[] =>
  calls([at, at + 15], each)
const fails = { errors: 1, error: 'ETIMEDOUT' }
/** A first call makes the series. */
const known = once(0, { ok: 1 })

/** Calls that are so rare that five minutes hold one of them. */
export const rareCases: readonly Case[] = [
  {
    told: story(
      'two of two calls of an hour fail',
      [subject({ calls: [...known, ...once(3900, fails), ...once(5100, fails)] })],
      long,
    ),
    alertname: callsErrorRateHigh,
    fires: [[5115, 7200]],
  },
  {
    told: story(
      'a third succeeds',
      [subject({ calls: [...known, ...once(3900, fails), ...once(5100, fails), ...once(5700, { ok: 1 })] })],
      long,
    ),
    alertname: callsErrorRateHigh,
    fires: [[5115, 6015]],
  },
  {
    told: story(
      'one of three succeeded',
      [subject({ calls: [...known, ...once(2400, { ok: 1 }), ...once(3900, fails), ...once(5100, fails)] })],
      { length: 5700 },
    ),
    alertname: callsErrorRateHigh,
    fires: [],
  },
  {
    told: story('one call fails', [subject({ calls: [...known, ...once(3900, fails)] })], { length: 4800 }),
    alertname: callsErrorRateHigh,
    fires: [],
  },
  {
    told: story(
      'two failures are allowed',
      [
        subject({
          callTarget: { expect: { maxLatency: 1, maxErrorRatio: 0.2 } },
          calls: [...known, ...once(3900, fails), ...once(5100, fails)],
        }),
      ],
      { length: 6000 },
    ),
    alertname: callsErrorRateHigh,
    fires: [],
  },
]
