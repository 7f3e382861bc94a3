import { aCallTarget } from '../../calls/support/calls.ts'
import type { Calls } from './story/story.ts'
import { calls, story, subject, type Span } from './story/tell.ts'
import { versionCases, type Case } from './versions.ts'

const all: Span = [0, 2400]
const thirty = { interval: 30, alertAfter: 75 }
const failing = { ok: 8, errors: 2 }
const working = { ok: 10 }
const failFrom = (from: number, until: number): Calls[] => [
  ...calls([0, from], working),
  ...calls([from, until], failing),
  ...calls([until, 2400], working),
]
export const callsFailing = 'CallsFailingProbeFine'
export const probeFailing = 'ProbeFailingCallsFine'

/** What calls and probes, and versions, say of each other. */
export const cases: readonly Case[] = [
  {
    told: story('calls fail for ten minutes', [subject({ calls: failFrom(600, 1200) })]),
    alertname: callsFailing,
    fires: [[960, 1755]],
  },
  {
    told: story('calls fail too briefly', [subject({ calls: failFrom(600, 660) })]),
    alertname: callsFailing,
    fires: [],
  },
  {
    told: story('a check fails meanwhile: five minutes begin when none has failed for five minutes', [
      subject({ calls: failFrom(600, 2000), down: [[750, 780]] }),
    ]),
    alertname: callsFailing,
    fires: [[1365, 2400]],
  },
  {
    told: story('checks fail while it fires: it ends after five minutes, and takes as long to begin again', [
      subject({ calls: failFrom(600, 2400), down: [[1200, 1260]] }),
    ]),
    alertname: callsFailing,
    fires: [
      [960, 1515],
      [1845, 2400],
    ],
  },
  {
    told: story('checks every 5m count', [
      subject({ target: { interval: 300, alertAfter: 450 }, calls: failFrom(600, 1200) }),
    ]),
    alertname: callsFailing,
    fires: [[960, 1755]],
  },
  {
    told: story('checks every 6m do not', [
      subject({ target: { interval: 360, alertAfter: 450 }, calls: failFrom(600, 1200) }),
    ]),
    alertname: callsFailing,
    fires: [],
  },
  {
    told: story('calls without a probe', [subject({ target: null, calls: failFrom(600, 1200) })]),
    alertname: callsFailing,
    fires: [],
  },
  {
    told: story('the probe is taken away while it fires', [
      subject({
        calls: failFrom(600, 2400),
        edits: [{ at: 1500, callTarget: aCallTarget('pay', { host: 'pay' }, { labels: { vendor: 'v' } }) }],
      }),
    ]),
    alertname: callsFailing,
    fires: [[960, 1815]],
  },
  {
    told: story('solo restarts while it fires', [subject({ calls: failFrom(600, 2400) })], {
      pauses: [{ from: 1200, until: 1260, restart: true }],
    }),
    alertname: callsFailing,
    fires: [
      [960, 1200],
      [1275, 2400],
    ],
  },
  {
    told: story('the probe fails, and calls succeed', [
      subject({ down: [[600, 1500]], calls: calls(all, working) }),
    ]),
    alertname: probeFailing,
    fires: [[975, 1515]],
  },
  {
    told: story('19 calls in 285 seconds are 20 in five minutes', [
      subject({ down: [[600, 1500]], calls: calls(all, { ok: 1 }) }),
    ]),
    alertname: probeFailing,
    fires: [[975, 1515]],
  },
  {
    told: story('fewer calls are too few', [
      subject({
        down: [[600, 1500]],
        calls: calls(all, { ok: 1 }).filter((_one, index) => index % 19 !== 0),
      }),
    ]),
    alertname: probeFailing,
    fires: [],
  },
  {
    told: story('calls that report no end are not counted', [
      subject({ down: [[600, 1500]], calls: calls(all, { unknown: 10 }) }),
    ]),
    alertname: probeFailing,
    fires: [],
  },
  {
    told: story('as many calls fail as are allowed', [
      subject({
        callTarget: { expect: { maxLatency: 1, maxErrorRatio: 0.125 } },
        down: [[600, 1500]],
        calls: calls(all, { ok: 7, errors: 1 }),
      }),
    ]),
    alertname: probeFailing,
    fires: [[975, 1515]],
  },
  {
    told: story('a little more calls fail', [
      subject({
        callTarget: { expect: { maxLatency: 1, maxErrorRatio: 0.124 } },
        down: [[600, 1500]],
        calls: calls(all, { ok: 7, errors: 1 }),
      }),
    ]),
    alertname: probeFailing,
    fires: [],
  },
  {
    told: story('a probe without calls', [subject({ callTarget: null, down: [[600, 1500]] })]),
    alertname: probeFailing,
    fires: [],
  },
  {
    told: story('checks every 6m that fail', [
      subject({
        target: { interval: 360, alertAfter: 300 },
        down: [[600, 2000]],
        calls: calls(all, working),
      }),
    ]),
    alertname: probeFailing,
    fires: [],
  },
  {
    told: story('maintenance begins before five minutes are over: they begin again after it', [
      subject({
        target: {
          ...thirty,
          maintenance: [{ endAt: (at) => (at >= 780 && at < 1080 ? 1080 : undefined) }],
        },
        down: [[600, 2400]],
        calls: calls(all, working),
      }),
    ]),
    alertname: probeFailing,
    fires: [[1485, 2400]],
  },
  {
    told: story('what it depends on goes down while it fires: it goes on', [
      subject({ name: 'net', callTarget: null, down: [[1200, 1500]] }),
      subject({
        target: { ...thirty, dependsOn: ['net'] },
        down: [[600, 1800]],
        calls: calls(all, working),
      }),
    ]),
    alertname: probeFailing,
    fires: [[975, 1815]],
  },
  {
    told: story(
      'solo restarts while the probe fails',
      [subject({ down: [[600, 2400]], calls: calls(all, working) })],
      { pauses: [{ from: 1200, until: 1260, restart: true }] },
    ),
    alertname: probeFailing,
    fires: [
      [975, 1200],
      [1275, 2400],
    ],
  },
  ...versionCases,
]
