import type { Story } from './story/story.ts'
import { calls, story, subject, type Span } from './story/tell.ts'

/** A story, and when one alert fires in it. */
export interface Case {
  readonly told: Story
  readonly alertname: string
  /** Of the alerts about versions, which one. */
  readonly version?: string
  /** When it fires. */
  readonly fires: readonly Span[]
}

export const canary = 'CanaryWorse'
const all: Span = [0, 2400]
const others = calls([0, 6000], { ok: 190, errors: 1 }, '1.0')
const fastOthers = calls([0, 6000], { ok: 190, slow: 1 }, '1.0')

/** Most of its calls report no outcome. */
export const slowerVersion: Case = {
  told: story(
    'a version is slower than the other, until it is taken back',
    [subject({ calls: [...fastOthers, ...calls([900, 2700], { ok: 1, unknown: 9, slow: 4 }, '1.1')] })],
    { length: 4800 },
  ),
  alertname: canary,
  version: '1.1',
  fires: [[1230, 3285]],
}

/** Both versions fail and are slow, one of them more; a third is worse still, but makes few calls. */
export const oneVersionWorst: Story = story('most of what fails and is slow is of one version', [
  subject({
    calls: [
      ...calls(all, { ok: 85, errors: 5, error: '503', slow: 9 }, '1'),
      ...calls(all, { ok: 5, errors: 5, error: 'TimeoutError', slow: 8 }, '2'),
      ...calls(all, { errors: 1, error: '503', slow: 1 }, '3'),
    ],
  }),
])

/** What two versions say of each other. */
export const versionCases: readonly Case[] = [
  {
    told: story('a version that fails more makes its calls within 15 s', [
      subject({
        calls: [
          ...others,
          ...calls([900, 915], { ok: 1 }, '1.1'),
          ...calls([915, 930], { ok: 19, errors: 9 }, '1.1'),
        ],
      }),
    ]),
    alertname: canary,
    version: '1.1',
    fires: [],
  },
  {
    told: story(
      'a version fails more than the other, until it is taken back',
      [subject({ calls: [...others, ...calls([900, 2700], { ok: 10, errors: 1 }, '1.1')] })],
      { length: 4800 },
    ),
    alertname: canary,
    version: '1.1',
    fires: [[1275, 3285]],
  },
  {
    told: story('four errors are too few', [
      subject({
        calls: [
          ...others,
          ...calls([900, 2400], { ok: 2 }, '1.1'),
          ...calls([1200, 1215], { errors: 4 }, '1.1'),
        ],
      }),
    ]),
    alertname: canary,
    version: '1.1',
    fires: [],
  },
  {
    told: story('ten are enough', [
      subject({
        calls: [
          ...others,
          ...calls([900, 2400], { ok: 2 }, '1.1'),
          ...calls([1200, 1215], { errors: 10 }, '1.1'),
        ],
      }),
    ]),
    alertname: canary,
    version: '1.1',
    fires: [[1515, 2400]],
  },
  {
    told: story('calls without a version are not compared', [
      subject({ calls: [...others, ...calls(all, { ok: 5, errors: 5 }, '')] }),
    ]),
    alertname: canary,
    fires: [],
  },
  {
    told: story('the only version has nothing to be compared with', [
      subject({ calls: calls(all, { ok: 5, errors: 5 }) }),
    ]),
    alertname: canary,
    fires: [],
  },
  {
    told: story(
      'solo restarts while a version fails',
      [subject({ calls: [...others, ...calls([900, 4800], { ok: 10, errors: 1 }, '1.1')] })],
      { length: 4800, pauses: [{ from: 1800, until: 1860, restart: true }] },
    ),
    alertname: canary,
    version: '1.1',
    fires: [
      [1275, 1800],
      [1875, 4800],
    ],
  },
  slowerVersion,
  {
    told: story('four slow calls are too few', [
      subject({
        calls: [
          ...fastOthers,
          ...calls([900, 2400], { ok: 2 }, '1.1'),
          ...calls([1200, 1215], { ok: 4, slow: 4 }, '1.1'),
        ],
      }),
    ]),
    alertname: canary,
    version: '1.1',
    fires: [],
  },
  {
    told: story('ten slow calls are enough', [
      subject({
        calls: [
          ...fastOthers,
          ...calls([900, 2400], { ok: 2 }, '1.1'),
          ...calls([1200, 1215], { ok: 10, slow: 10 }, '1.1'),
        ],
      }),
    ]),
    alertname: canary,
    version: '1.1',
    fires: [[1515, 2400]],
  },
  {
    told: story('a version that fails at first, and is slow then, is one alert', [
      subject({
        calls: [
          ...fastOthers,
          ...calls([600, 615], { ok: 40, errors: 10 }, '1.1'),
          ...calls([615, 1200], { ok: 10, errors: 3 }, '1.1'),
          ...calls([1200, 2400], { ok: 100, slow: 60 }, '1.1'),
        ],
      }),
    ]),
    alertname: canary,
    version: '1.1',
    fires: [[930, 2400]],
  },
]
