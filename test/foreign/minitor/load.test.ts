import { describe, expect, it } from 'vitest'
import { foreignFormats } from '../../../src/foreign/index.ts'
import { commandSettings } from '../../../src/channels/command/command.ts'
import { ConfigError } from '../../../src/settings/errors.ts'
import { parseConfig } from '../../../src/config/load/load.ts'
import { parseNotify } from '../../../src/config/notify/load.ts'
import type { NotifyConfig } from '../../../src/config/notify/notify.ts'
import type { Target } from '../../../src/config/target/target.ts'
import { blogExample } from '../../support/minitor.ts'

const types = { command: { schema: commandSettings, native: () => false } }

const sourcesOf = (text: string): Parameters<typeof parseConfig>[0] => ({
  sources: [{ file: 'minitor.yml', text }],
  directory: '/etc',
  files: [],
})

const targetsOf = (text: string, env: Record<string, string> = {}): readonly Target[] =>
  parseConfig(sourcesOf(text), { env, foreign: foreignFormats }).targets

const notifyOf = (text: string, env: Record<string, string> = {}): NotifyConfig =>
  parseNotify(sourcesOf(text), { env, foreign: foreignFormats, types })

function refusal(act: () => unknown): string {
  try {
    act()
  } catch (error) {
    if (error instanceof ConfigError) return error.message
    throw error
  }
  throw new Error('it was accepted')
}

describe('a file of Minitor is a configuration as it is', () => {
  it('its monitors are targets', () => {
    expect(targetsOf(blogExample)).toMatchObject([
      {
        name: 'My Website',
        interval: 30,
        timeout: 27,
        alertAfter: 75,
        labels: { notify: 'log,mailgun', repeat: 'exponential' },
        expect: { maxLatency: Infinity, maxErrorRatio: 1 },
        check: { kind: 'command', command: ['curl', '-s', '-o', '/dev/null', 'https://minitor.mon'] },
      },
    ])
  })

  it('its alerts are channels', () => {
    expect(notifyOf(blogExample)).toMatchObject({
      channels: [{ name: 'mailgun', type: 'command', settings: { when: ['firing'] } }],
      routes: [],
      leftOut: [],
    })
  })

  it('the samples that come with both versions need no change', () => {
    const python = `monitors:
  - { name: My Website, command: [curl, -s, -o, /dev/null, "https://minitor.mon"], alert_down: [log, mailgun_down, sms_down], alert_up: [log, email_up] }
alerts:
  email_up: { command: [ sendmail, "me@minitor.mon",  "Recovered: {monitor_name}",  "We're back!" ] }
  mailgun_down:
    command: >
      curl -s -X POST
      -F subject="Alert! {monitor_name} failed"
      -F from="Minitor <minitor@minitor.mon>"
      -F to=me@minitor.mon
      -F text="Our monitor failed"
      https://api.mailgun.net/v3/minitor.mon/messages
      -u "api:\${MAILGUN_API_KEY}"
  sms_down:
    command: >
      curl -s -X POST -F "Body=Failure! {monitor_name} has failed"
      -F "From=\${AVAILABLE_NUMBER}" -F "To=\${MY_PHONE}"
      "https://api.twilio.com/2010-04-01/Accounts/\${ACCOUNT_SID}/Messages"
      -u "\${ACCOUNT_SID}:\${AUTH_TOKEN}"
`
    expect(notifyOf(python).channels.map(({ name }) => name)).toEqual([
      ...['email_up', 'mailgun_down', 'sms_down'],
    ])
    const go = `monitors: [{ name: a, command: [check], alert_down: [say, shell, mail], alert_up: [text] }]
alerts:
  say: { command: [echo, "Minitor failure for {{.MonitorName}}", "{{.MonitorName}}"] }
  text: { command: [echo, "Minitor up={{.IsUp}} for {{.MonitorName}}"] }
  shell: { command: "echo \\"Failure on {{.MonitorName}} User is $USER\\"; echo '{{.MonitorName}} is down!'" }
  mail:
    command: |
      curl -s -X POST \\
        -F subject="Alert! {{.MonitorName}} failed" \\
        -F from="Minitor <minitor@minitor.mon>" \\
        -u "api:\${MAILGUN_API_KEY}"
`
    expect(notifyOf(go).channels.map(({ name }) => name)).toEqual(['say', 'text', 'shell', 'mail'])
  })

  it('its variables are expanded where no shell does it, and are secrets', () => {
    const text = `monitors: [{ name: a, command: [check, "\${TOKEN}"], alerts: [page] }]
alerts: { page: { command: [page, "\${KEY}"] } }`
    const env = { TOKEN: 'sesame-1', KEY: 'sesame-2' }
    expect(targetsOf(text, env)).toMatchObject([
      { check: { command: ['check', 'sesame-1'] }, secrets: ['sesame-1'] },
    ])
    expect(notifyOf(text, env).channels).toMatchObject([
      { settings: { command: ['page', 'sesame-2'] }, secrets: ['sesame-2'] },
    ])
  })
})

describe('what is wrong has its place in the file of Minitor', () => {
  it('of a monitor', () => {
    const text = `monitors:
  - name: a
    command: [check, "\${TOKEN}"]
`
    expect(refusal(() => targetsOf(text))).toMatch(
      /^minitor\.yml:3:22 monitors\[0\]\.command\[1\]: the environment variable TOKEN is not set/,
    )
  })

  it('of an alert: output of a check would become code', () => {
    const text = `monitors:
  - { name: a, command: [check], alerts: ["send it"] }
alerts:
  send it:
    command: [sh, -c, 'eval "{last_output}"']
`
    expect(refusal(() => notifyOf(text))).toMatch(/^minitor\.yml:5:\d+ alerts\["send it"\]\.command: /)
  })

  it('of both: each reading tells what is wrong with the file', () => {
    const text = 'monitors: [{ name: a, command: [] }]'
    expect(refusal(() => targetsOf(text))).toBe('minitor.yml:1:32 monitors[0].command: has no program')
    expect(refusal(() => notifyOf(text))).toBe('minitor.yml:1:32 monitors[0].command: has no program')
  })
})
