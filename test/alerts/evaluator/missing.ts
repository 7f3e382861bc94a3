import type { Calls, Story } from './story/story.ts'
import { calls, story, subject, type Span } from './story/tell.ts'
import type { Case } from './versions.ts'

export const callsMissing = 'CallsMissing'

const working = { ok: 2 }
const called = (...spans: Span[]): Calls[] => spans.flatMap((span) => calls(span, working))
const long: Partial<Story> = { length: 7200 }
const silent = (name: string, fires: Span[], made: Calls[], more: Partial<Story> = {}): Case => ({
  told: story(name, [subject({ calls: made })], { ...long, ...more }),
  alertname: callsMissing,
  fires,
})

/** When silence is told. */
export const missingCases: readonly Case[] = [
  silent('nothing calls any more, for half as long as it was called', [[3600, 7200]], called([0, 2400])),
  silent('it was called for a quarter of an hour less than it takes', [], called([0, 1770])),
  silent('a call ends it', [[3600, 4815]], called([0, 2400], [4800, 7200])),
  silent(
    'a silence that is four times as long as the longest is usual',
    [[8430, 9600]],
    called([0, 1200], [2400, 3600]),
    { length: 9600 },
  ),
  silent(
    '50 calls are enough',
    [[3525, 7200]],
    calls([0, 2400], { ok: 1 })
      .slice(0, 159)
      .filter((_, i) => i % 3 === 0),
  ),
  silent(
    'fewer are not',
    [],
    calls([0, 2400], { ok: 1 }).filter((_, i) => i % 4 === 0),
  ),
  {
    told: story('it is off', [subject({ callTarget: { missing: 'off' }, calls: called([0, 2400]) })], long),
    alertname: callsMissing,
    fires: [],
  },
  silent(
    'solo restarts before and while it fires',
    [
      [3675, 4800],
      [4875, 6015],
    ],
    called([0, 2400], [6000, 7200]),
    {
      pauses: [
        { from: 3000, until: 3060, restart: true },
        { from: 4800, until: 4860, restart: true },
      ],
    },
  ),
  silent('time in which nobody listens is no silence', [[4515, 7200]], called([0, 2400]), {
    pauses: [{ from: 2700, until: 3600, restart: false }],
  }),
  silent('it is known for most of a day: ten minutes are enough', [[79_800, 80_400]], called([0, 79_200]), {
    length: 80_400,
  }),
  silent('it was known for a little less', [], called([0, 76_200]), { length: 77_400 }),
]
