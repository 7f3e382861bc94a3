import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { channelTypes } from '../../../src/channels/index.ts'

const slack = { type: 'slack', webhook_url: 'https://hooks.slack.com/services/T/B/X' }
const sms = { type: 'sms', account_sid: 'AC1', auth_token: 't', from: '+15005550006', to: '+4930123456' }
const email = {
  type: 'email',
  from: 'probity@example.org',
  to: 'ops@example.com',
  smtp_host: 'mail.example.org',
}
const webhook = { type: 'webhook', url: 'https://example.com/hook' }
const command = { type: 'command', command: 'true' }

function read(settings: Record<string, unknown>): unknown {
  return channelTypes[settings.type as keyof typeof channelTypes].schema.parse(settings)
}

/** The mistakes, as `place: message`. */
function mistakes(settings: Record<string, unknown>): string[] {
  const type = channelTypes[settings.type as keyof typeof channelTypes]
  const { error } = type.schema.safeParse(settings)
  return (error?.issues ?? []).map((issue) => {
    const message = issue.code === 'invalid_key' ? issue.issues[0]?.message : issue.message
    return `${issue.path.join('.')}: ${message ?? ''}`
  })
}

describe('the settings of a channel', () => {
  it.each([
    ['slack', slack, slack],
    ['sms', sms, { ...sms, to: ['+4930123456'], url: 'https://api.twilio.com' }],
    ['sms to several', { ...sms, to: '+4930123456, +4930123457' }, { to: ['+4930123456', '+4930123457'] }],
    ['sms to a list', { ...sms, to: ['+4930123456', '+4930123457'] }, { to: ['+4930123456', '+4930123457'] }],
    ['email', email, { to: ['ops@example.com'], tls_verify: true }],
    ['email with a port from the environment', { ...email, smtp_port: '2525' }, { smtp_port: 2525 }],
    ['webhook', webhook, { method: 'POST' }],
    ['command', command, { command: 'true', timeout: 30, dry_run: false }],
    [
      'command with guard rails',
      {
        ...command,
        command: ['restart', '{monitor_name}'],
        cooldown: '10m',
        max_runs: 3,
        only_if: 'true',
        when: 'firing',
      },
      { cooldown: 600, max_runs: 3, when: ['firing'] },
    ],
  ])('are read: %s', (_name, settings, expected) => {
    expect(read(settings)).toMatchObject(expected)
  })

  it.each<[string, Record<string, unknown>, string]>([
    ['an unknown key', { ...slack, webhook_uri: 1 }, ': unknown key (did you mean webhook_url?)'],
    [
      'no URL',
      { ...slack, webhook_url: 'hooks.slack.com' },
      'webhook_url: {} is not a URL: expected one that starts with https:// or http://',
    ],
    ['a key that is missing', { type: 'pagerduty' }, 'routing_key: is missing'],
    ['an empty key', { type: 'pagerduty', routing_key: '' }, 'routing_key: is empty'],
    [
      'a line break in a key',
      { type: 'pagerduty', routing_key: 'a\nb' },
      'routing_key: contains a line break or a control character',
    ],
    [
      'a blank in a key',
      { type: 'pagerduty', routing_key: 'a b' },
      'routing_key: is not a valid key: expected letters, digits and symbols without spaces',
    ],
    ['a number for a phone', { ...sms, to: 4930123456 }, 'to: expected text, got a number: put it in quotes'],
    [
      'a phone without its country',
      { ...sms, to: '030123456' },
      'to: expected a phone number with its country, such as "+4930123456"',
    ],
    [
      'nobody',
      { ...sms, to: ' , ' },
      'to: expected at least one phone number with its country, such as "+4930123456"',
    ],
    [
      'a path in an account',
      { ...sms, account_sid: '../x' },
      'account_sid: is not a valid account SID: expected letters and digits',
    ],
    [
      'a header in an address',
      { ...email, from: 'a@example.org\r\nBcc: x@example.org' },
      'from: contains a line break or a control character',
    ],
    ['no address', { ...email, to: 'ops' }, 'to: expected a mail address'],
    ['a port beyond', { ...email, smtp_port: 70_000 }, 'smtp_port: {} is not a whole number from 1 to 65535'],
    ['no port', { ...email, smtp_port: 'smtp' }, 'smtp_port: expected a number, got text'],
    [
      'a header that is ours',
      { ...webhook, headers: { Host: 'x' } },
      'headers.Host: this header is set by Probity itself: remove it',
    ],
    ['no header', { ...webhook, headers: { 'a b': 'x' } }, 'headers.a b: is not a valid header name'],
    [
      'a line break in a header',
      { ...webhook, headers: { a: 'x\r\ny: z' } },
      'headers.a: contains a character that is not allowed in a header, such as a line break',
    ],
    [
      'a placeholder that is misspelt',
      { ...webhook, body: { a: ['{sumary}'] } },
      'body: {sumary} is not a valid placeholder (did you mean {summary}?)',
    ],
    ['a body that is none', { ...webhook, body: 5 }, 'body: expected text, a mapping or a list'],
    ['no program', { ...command, command: [] }, 'command: has no program'],
    ['an empty script', { ...command, command: ' ' }, 'command: has no program'],
    [
      'a number among arguments',
      { ...command, command: ['sleep', 5] },
      'command: expected text, got a number: put it in quotes',
    ],
    ['another state', { ...command, when: ['firing', 'pending'] }, 'when.1: expected firing or resolved'],
    ['no variable', { ...command, env: { 'A-B': 'x' } }, 'env.A-B: is not a valid environment variable name'],
    ['no runs', { ...command, max_runs: 0 }, 'max_runs: {} is not a whole number from 1 to 1000'],
    [
      'no DSN',
      { type: 'sentry', dsn: 'x' },
      'dsn: is not a valid DSN: expected one such as https://key@o1.ingest.sentry.io/42, from the settings of the project',
    ],
  ])('are refused: %s', (_name, settings, message) => {
    expect(mistakes(settings)).toEqual([message])
  })

  it.each([
    [
      '{last_output}',
      'expected a program that is named plainly, without a value, a variable or options of a wrapper such as sudo',
    ],
    ['eval {last_output}', 'expected a program that takes it as data, got eval, which may take it as code'],
  ])('are refused where output would become code: %s', (text, why) => {
    for (const key of ['command', 'only_if']) {
      expect(mistakes({ ...command, [key]: text })).toEqual([
        `${key}: {last_output} cannot be used there: ${why}. Run a script that reads "$PROBITY_LAST_OUTPUT" from its environment instead`,
      ])
    }
  })

  it.each(Object.entries(channelTypes))('have a JSON Schema for editors: %s', (name, { schema }) => {
    const json = z.toJSONSchema(schema, { io: 'input' })
    expect(json).toMatchObject({
      type: 'object',
      additionalProperties: false,
      properties: { type: { const: name } },
    })
  })
})
