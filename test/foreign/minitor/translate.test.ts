import { describe, expect, it } from 'vitest'
import { unsetVariables } from '../../../src/foreign/minitor/shell-variables.ts'
import { translate } from '../../../src/foreign/minitor/translate.ts'
import { blogExample, parseMinitor } from '../../support/minitor.ts'

/** Alerts of Python's Minitor, and monitors that use them. */
function translated(alerts: string, ...monitors: string[]): ReturnType<typeof translate> {
  const written = monitors.map((monitor, index) => `  - { name: m${index}, command: [check], ${monitor} }`)
  return translate(parseMinitor(`monitors:\n${written.join('\n')}\nalerts:\n${alerts}\n`))
}

const channelsOf = (alerts: string, ...monitors: string[]): unknown =>
  translated(alerts, ...monitors).notify.channels

const commandOf = (command: string): unknown =>
  translated(`  a: { command: ${command} }`, 'alert_down: [a]').notify.channels['a']

describe('the example of the post that introduced Minitor', () => {
  it('says the same in the words of targets.yml and notify.yml', () => {
    const { targets, notify, notes } = translate(parseMinitor(blogExample))
    expect(targets).toEqual({
      defaults: { expect: { max_latency: 'off', max_error_rate: 'off' } },
      targets: [
        {
          name: 'My Website',
          command: ['curl', '-s', '-o', '/dev/null', 'https://minitor.mon'],
          interval: '30s',
          timeout: '27s',
          alert_after: 3,
          repeat: 'exponential',
          notify: ['log', 'mailgun'],
        },
      ],
    })
    expect(notify).toEqual({
      channels: {
        mailgun: {
          type: 'command',
          command: expect.stringContaining('curl -s -X POST -F subject="Alert! {monitor_name} failed"'),
          when: 'firing',
        },
      },
    })
    expect(notes).toEqual([
      'alert log: is the alerts log, which has a line when an alert begins and when it ends',
    ])
  })
})

describe('how often an alert is repeated', () => {
  it.each([
    [-1, 'exponential'],
    [-7, 'exponential'],
    [0, 'once'],
    [1, 1],
    [1440, 1440],
  ])('alert_every: %d is repeat: %s', (every, repeat) => {
    const { targets } = translated('  a: { command: [x] }', `alert_every: ${every}`)
    expect(targets.targets).toMatchObject([{ repeat }])
  })
})

describe('which alerts are run when', () => {
  const a = '  a: { command: [x] }'

  it.each([
    ['only for what went down', a, ['alert_down: [a]'], { a: 'firing' }, [['log', 'a']]],
    ['only for what is up again', a, ['alert_up: [a]'], { a: 'resolved' }, [['log', 'a']]],
    ['for both', a, ['alert_down: [a], alert_up: [a]'], { a: undefined }, [['log', 'a']]],
    ['for none', a, ['alert_down: [log]'], { a: undefined }, [['log']]],
    [
      'for both by one monitor, and for one of them by another',
      a,
      ['alert_down: [a], alert_up: [a]', 'alert_down: [a]'],
      { a: 'firing', 'a-up': 'resolved' },
      [
        ['log', 'a', 'a-up'],
        ['log', 'a'],
      ],
    ],
    [
      'down by one monitor and up by another',
      a,
      ['alert_down: [log], alert_up: [a]', 'alert_down: [a]'],
      { a: 'firing', 'a-up': 'resolved' },
      [
        ['log', 'a-up'],
        ['log', 'a'],
      ],
    ],
  ])('%s', (_what, alerts, monitors, when, notify) => {
    const { targets, notify: written } = translated(alerts, ...monitors)
    const found = Object.entries(written.channels).map(([name, channel]) => [
      name,
      (channel as { when?: string }).when,
    ])
    expect(Object.fromEntries(found)).toEqual(when)
    expect(targets.targets).toMatchObject(notify.map((channels) => ({ notify: channels })))
  })

  it('names that a channel cannot have', () => {
    const alerts = `  log: { command: [echo, down] }
  notifier: { command: [x] }
  "send e-mail!": { command: [x] }
  send-e-mail: { command: [x] }
  "!": { command: [x] }`
    const { notify, channels } = translated(alerts, 'alert_down: [log, notifier, "send e-mail!", "!"]')
    expect(Object.keys(notify.channels)).toEqual([
      'alert-log',
      'alert-notifier',
      'send-e-mail',
      'send-e-mail-2',
      'alert',
    ])
    expect(channels.map(({ alert }) => alert)).toEqual([
      'log',
      'notifier',
      'send e-mail!',
      'send-e-mail',
      '!',
    ])
  })
})

describe('braces', () => {
  it.each([
    ['fields stay', '["{monitor_name}: {last_output}"]', ['{monitor_name}: {last_output}']],
    ['doubled ones are one', `['{{"text": "{monitor_name}"}}']`, ['{"text": "{monitor_name}"}']],
    ['of awk', `["{{print $1}}"]`, ['{print $1}']],
    [
      'of JSON stay, which Python could not take',
      `['{"a": {"b": "{monitor_name}"}}']`,
      ['{"a": {"b": "{monitor_name}"}}'],
    ],
    ['of variables stay', '["{{${A}: {alert_count}}}"]', ['{${A}: {alert_count}}']],
  ])('%s', (_what, command, expected) => {
    expect(commandOf(command)).toMatchObject({ command: expected })
  })

  it("of Go's templates: a conditional becomes two channels, one for each side", () => {
    const alerts = `  a: { command: ["{{.MonitorName}} {{if .IsUp}}is back{{else}}is down{{end}}"] }
  b: { command: "echo {{if not .IsUp}}{{.FailureCount}} failures{{end}}" }`
    expect(channelsOf(alerts, 'alert_down: [a, b], alert_up: [a]')).toEqual({
      a: { type: 'command', command: ['{{.MonitorName}} is down'], when: 'firing' },
      'a-up': { type: 'command', command: ['{{.MonitorName}} is back'], when: 'resolved' },
      b: { type: 'command', command: 'echo {{.FailureCount}} failures', when: 'firing' },
    })
  })

  it('what of them is not carried out is said', () => {
    const alerts = '  a: { command: ["{{.MonitorName}} at {{RFC822Z .LastSuccess}} {{.Nothing}}"] }'
    expect(translated(alerts, 'alert_down: [a]').notes).toEqual([
      'alert a: {{RFC822Z .LastSuccess}} is not supported here and stays as it is',
      'alert a: {{.Nothing}} is not supported here and stays as it is',
    ])
  })
})

describe('variables between single quotes, where a shell does not put them in', () => {
  it.each([
    [`curl -u 'api:\${KEY}' url`, `curl -u 'api:'"\${KEY}"'' url`],
    [`echo '\${A:-b} \${C}'`, `echo ''"\${A:-b}"' '"\${C}"''`],
    [`echo "it's \${A}" '\${B}'`, `echo "it's \${A}" ''"\${B}"''`],
    [`echo \\'\${A}\\'`, `echo \\'\${A}\\'`],
    [`true # don't '\${A}'\necho '\${B}'`, `true # don't '\${A}'\necho ''"\${B}"''`],
  ])('%s', (script, expected) => {
    expect(commandOf(JSON.stringify(script))).toMatchObject({ command: expected })
  })

  it.each([
    ['a here-document', `cat <<EOF\nit's '\${A}'\nEOF`],
    ['a quote that does not end', `echo '\${A}`],
    ['what is not a variable', `awk '\${1}' '$A' '\${a b}'`],
  ])('nothing is changed for %s', (_what, script) => {
    expect(commandOf(JSON.stringify(script))).toMatchObject({ command: script })
  })

  it("nor in a file of Go's Minitor, which does not put them in either", () => {
    const alerts = `  a: { command: "echo '\${A}' {{.MonitorName}}" }`
    expect(channelsOf(alerts, 'alert_down: [a]')).toMatchObject({
      a: { command: "echo '${A}' {{.MonitorName}}" },
    })
  })
})

describe('variables of shell commands that are not set', () => {
  it("are reported in a file of Python's Minitor, which would not start without them", () => {
    const file = parseMinitor(blogExample)
    expect(unsetVariables(file, {})).toEqual(['MAILGUN_API_KEY'])
    expect(unsetVariables(file, { MAILGUN_API_KEY: '' })).toEqual([])
    expect(unsetVariables({ ...file, dialect: 'go' }, {})).toEqual([])
  })
})
