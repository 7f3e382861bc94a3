import { describe, expect, it } from 'vitest'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { parse } from 'yaml'
import { channelTypes } from '../../src/channels/index.ts'
import { templateNames } from '../../src/channels/shared/template-values.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/notify.md'), 'utf8')

/** What the variables of the examples stand for. */
const values: Readonly<Record<string, string>> = {
  SLACK_WEBHOOK_URL: 'https://hooks.slack.com/services/T/B/X',
  TEAMS_WEBHOOK_URL: 'https://example.webhook.office.com/x',
  TWILIO_ACCOUNT_SID: 'AC0',
  SMS_TO: '+4930123456,+4930123457',
  SENTRY_DSN: 'https://key@o1.ingest.sentry.io/42',
}

type Settings = Readonly<Record<string, unknown>> & { readonly type: keyof typeof channelTypes }

const channels = Array.from(page.matchAll(/^```yaml\n(# notify\.yml\n.*?)^```$/gms)).flatMap(([, text = '']) => {
  const expanded = text.replace(/\$\{(\w+)\}/g, (_, name: string) => values[name] ?? `secret-of-${name}`)
  const { channels: named = {} } = parse(expanded) as { channels?: Record<string, Settings> }
  return Object.entries(named).map(([name, settings]) => ({ name, settings }))
})

/** The section of a heading. */
function section(heading: string): string {
  const start = page.indexOf(`\n### ${heading}\n`)
  return page.slice(start, page.indexOf('\n##', start + 1))
}

describe('docs/notify.md', () => {
  it.each(channels)('has a channel $name that is valid', ({ settings }) => {
    expect(channelTypes[settings.type].schema.safeParse(settings).error).toBeUndefined()
  })

  it.each(Object.entries(channelTypes))('has an example of %s, and a row for each of its keys', (type, { schema }) => {
    expect(channels.map(({ settings }) => settings.type)).toContain(type)
    const rows = section(type)
      .split('\n')
      .filter((line) => line.startsWith('| `'))
      .flatMap((line) => line.split('|')[1]?.match(/\w+/g) ?? [])
    expect(rows.sort()).toEqual(Object.keys(schema.shape).filter((key) => key !== 'type').sort())
  })

  it('has every variable', () => {
    const variables = section('Variables').match(/(?<=`PROBITY_)\w+/g) ?? []
    expect(variables.map((name) => name.toLowerCase()).sort()).toEqual([...templateNames].sort())
  })
})
