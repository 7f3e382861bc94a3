import { describe, expect, it } from 'vitest'
import { isMinitor } from '../../../src/foreign/minitor/read.ts'
import { blogExample, minitorIssues, parseMinitor } from '../../support/minitor.ts'

const one = (monitor: string, top = ''): string => `${top}
monitors:
  - name: site
    command: [curl, http://site]
${monitor.replaceAll(/^/gm, '    ')}
alerts:
  mail: { command: [mail, me] }
  text: { command: [text, me] }
`

describe('a file of Minitor', () => {
  it('is known by its list of monitors', () => {
    expect(isMinitor({ monitors: [] })).toBe(true)
    expect(isMinitor({ targets: [], monitors: [] })).toBe(false)
    expect(isMinitor({ monitors: {} })).toBe(false)
    expect(isMinitor([{ monitors: [] }])).toBe(false)
    expect(isMinitor(null)).toBe(false)
  })

  it('is read as it was written: the example of the post that introduced it', () => {
    expect(parseMinitor(blogExample)).toEqual({
      dialect: 'python',
      monitors: [
        {
          name: 'My Website',
          command: ['curl', '-s', '-o', '/dev/null', 'https://minitor.mon'],
          interval: 30,
          alertAfter: 3,
          alertEvery: -1,
          down: ['log', 'mailgun'],
          up: [],
        },
      ],
      alerts: new Map([['mailgun', expect.stringContaining('-u "api:${MAILGUN_API_KEY}"')]]),
      startupAlerts: [],
      notes: [],
    })
  })
})

describe('what is not written', () => {
  it.each([
    [
      "Python's Minitor alerts after 4 failures, in the log, ever more rarely",
      '',
      '',
      { alertAfter: 4, alertEvery: -1, down: ['log'], up: [], interval: 30 },
    ],
    [
      "Go's Minitor alerts after the first",
      '',
      'default_alert_down: [mail]',
      { alertAfter: 1, alertEvery: -1, down: ['mail'], interval: 30 },
    ],
    [
      'the defaults of the file come first',
      '',
      'default_alert_after: 2\ndefault_alert_every: 5\ndefault_alert_up: text',
      { alertAfter: 2, alertEvery: 5, up: ['text'] },
    ],
    [
      'what the monitor says comes before them',
      'alert_after: 7\nalert_every: 0\nalert_up: [mail]',
      'default_alert_after: 2\ndefault_alert_every: 5\ndefault_alert_up: text',
      { alertAfter: 7, alertEvery: 0, up: ['mail'] },
    ],
    ['0 failures are the same as nothing', 'alert_after: 0', 'default_alert_after: 2', { alertAfter: 2 }],
    [
      'a key without a value is the same as nothing',
      'alert_after:\ncheck_interval:',
      '',
      { alertAfter: 4, interval: 30 },
    ],
    ['alert_down comes before alerts', 'alerts: [mail]\nalert_down: [text]', '', { down: ['text'] }],
    [
      'an empty list is the same as nothing',
      'alerts: [mail]\nalert_down: []\nalert_up:',
      '',
      { down: ['mail'], up: [] },
    ],
    [
      'the interval of the file is the shortest',
      'check_interval: 10',
      'check_interval: 60',
      { interval: 60 },
    ],
    ["Go's monitors have the interval of the file", '', 'check_interval: 10s', { interval: 10 }],
    ["Python's have 30 s", '', 'check_interval: 10', { interval: 30 }],
  ])('%s', (_what, monitor, top, expected) => {
    const [read] = parseMinitor(one(monitor, top)).monitors
    expect(read).toMatchObject(expected)
  })
})

describe('what is odd, but works', () => {
  it('numbers of the environment', () => {
    const text = one('check_interval: "${EVERY:-45}"\nalert_after: ${AFTER}\nalert_every: ${AGAIN}')
    expect(parseMinitor(text, { AFTER: '2', AGAIN: '-1' }).monitors).toMatchObject([
      { interval: 45, alertAfter: 2, alertEvery: -1 },
    ])
  })

  it('two monitors of one name, numbers as words, keys for anchors', () => {
    const text = `x-base: &base { alert_after: 1 }
monitors:
  - { <<: *base, name: 80, command: [nc, -z, host, 80] }
  - { <<: *base, name: 80, command: [nc, -z, other, 80] }
`
    const { monitors, notes } = parseMinitor(text)
    expect(monitors.map(({ name, command }) => [name, command])).toEqual([
      ['80', ['nc', '-z', 'host', '80']],
      ['80 (2)', ['nc', '-z', 'other', '80']],
    ])
    expect(notes).toEqual(['monitor 80 (2): has a number, because another one has the same name'])
  })

  it('an interval that is shorter than that of the file is said', () => {
    expect(parseMinitor(one('check_interval: 10', 'check_interval: 60')).notes).toEqual([
      'monitor site: is checked every 60 s, the check_interval at the top',
    ])
  })
})

describe('what is wrong is reported all at once, with its place', () => {
  it('of every key', () => {
    const text = `check_interval: soon
default_alert_up: [page]
monitors:
  - name: site
    command: []
    check_interval: [30]
    alert_down: [log, mial]
    alert_evry: 2
  - command: true
    alert_after: many
    check_interval: 1e9
alerts:
  mail:
    comand: x
`
    expect(minitorIssues(text)).toEqual([
      '1:17 check_interval: "soon" is not a valid interval: expected seconds such as 30, or a duration such as 1m30s',
      '5:14 monitors[0].command: has no program',
      '6:21 monitors[0].check_interval: [30] is not a valid interval: expected seconds such as 30, or a duration such as 1m30s',
      '8:5 monitors[0].alert_evry: unknown key (did you mean alert_every?)',
      '9:5 monitors[1].name: a monitor needs a name',
      '9:14 monitors[1].command: expected text, got true: put it in quotes',
      '10:18 monitors[1].alert_after: "many" is not a valid number of failed checks: expected one such as 3',
      '11:21 monitors[1].check_interval: 1000000000 is too long: expected at most 30 days',
      '14:5 alerts.mail.command: is missing: expected a program with its arguments, or text for a shell',
      '14:5 alerts.mail.comand: unknown key (did you mean command?)',
    ])
  })

  it('of names that nothing has', () => {
    const text = one('alert_down: [log, mial]', 'startup_alerts: [txt]')
    expect(minitorIssues(text)).toEqual([
      '1:18 startup_alerts[0]: there is no alert "txt" (did you mean text?)',
      '5:23 monitors[0].alert_down[1]: there is no alert "mial" (did you mean mail?)',
    ])
  })

  it('of a variable that is not set', () => {
    expect(minitorIssues(one('alert_after: ${AFTER}'))).toEqual([
      '5:18 monitors[0].alert_after: the environment variable AFTER is not set: set it, or give a default with ${AFTER:-default}',
    ])
  })
})
