import { expect, it } from 'vitest'
import { editYaml, type Edit } from '../../../../src/app/simulate/suggest/edit.ts'

const edit = (index: number, own: Edit['own'], inner: Edit['expect'] = {}): Edit => ({
  at: ['targets', index],
  own,
  expect: inner,
})
const four = { alert_after: '4' }
const slower = { max_latency: '400ms' }

const cases: readonly (readonly [what: string, before: string, edits: readonly Edit[], after: string])[] = [
  [
    'a value that is there',
    'targets:\n  # the shop\n  - name: shop # ours\n    url: http://a\n    alert_after: 3   # patient\n',
    [edit(0, four)],
    'targets:\n  # the shop\n  - name: shop # ours\n    url: http://a\n    alert_after: 4   # patient\n',
  ],
  [
    'a key that is not there, behind the last value of one line',
    'targets:\n  - name: shop\n    url: http://a # the API\n    headers:\n      a: b\n\n  - http://b\n',
    [edit(0, four, slower)],
    'targets:\n  - name: shop\n    url: http://a # the API\n    alert_after: 4\n    expect: { max_latency: 400ms }\n    headers:\n      a: b\n\n  - http://b\n',
  ],
  [
    'the end of a file without a last newline',
    'targets:\n  - name: shop\n    url: http://a',
    [edit(0, four)],
    'targets:\n  - name: shop\n    url: http://a\n    alert_after: 4',
  ],
  [
    'expect, with keys of its own',
    'targets:\n  - name: shop\n    url: http://a\n    expect:\n      # only this\n      status: 200\n      max_latency: "1s"\n',
    [edit(0, {}, { ...slower, max_error_rate: '10%' })],
    'targets:\n  - name: shop\n    url: http://a\n    expect:\n      # only this\n      max_error_rate: 10%\n      status: 200\n      max_latency: 400ms\n',
  ],
  [
    'mappings on one line',
    'targets: [{ name: shop, url: "http://a", expect: { status: 200 } }, { name: b, url: "http://b" }]\n',
    [edit(0, four, slower), edit(1, four, slower)],
    'targets: [{ name: shop, url: "http://a", alert_after: 4, expect: { max_latency: 400ms, status: 200 } }, { name: b, url: "http://b", alert_after: 4, expect: { max_latency: 400ms } }]\n',
  ],
  [
    'plain URLs',
    'targets:\n  - http://a # first\n  - "http://b"\n',
    [edit(0, four), edit(1, {}, slower)],
    'targets:\n  - name: http://a\n    url: http://a\n    alert_after: 4 # first\n  - name: "http://b"\n    url: "http://b"\n    expect: { max_latency: 400ms } # second\n'.replace(
      ' # second',
      '',
    ),
  ],
  [
    'lines that end as on Windows',
    'targets:\r\n  - name: shop\r\n    url: http://a\r\n',
    [edit(0, four)],
    'targets:\r\n  - name: shop\r\n    url: http://a\r\n    alert_after: 4\r\n',
  ],
]

it.each(cases)('%s is edited, and everything else stays', (_what, before, edits, after) => {
  expect(editYaml(before, edits)).toEqual({ text: after, impossible: [] })
})

const impossible: readonly (readonly [string, string, Edit])[] = [
  [
    'an alias',
    'x-a: &a { status: 200 }\ntargets:\n  - { name: b, url: http://b, expect: *a }\n',
    edit(0, {}, slower),
  ],
  ['an anchor', 'targets:\n  - { name: b, url: http://b, alert_after: &n 3 }\n', edit(0, four)],
  ['nothing', 'targets:\n  - name: b\n    url: http://b\n    expect:\n', edit(0, {}, slower)],
  [
    'a list that Prometheus reads, too',
    '- targets: [http://a]\n',
    { at: [0, 'targets', 0], own: four, expect: {} },
  ],
]

it.each(impossible)('%s is not edited', (_what, text, wanted) => {
  expect(editYaml(text, [wanted])).toEqual({ text, impossible: [wanted] })
})
