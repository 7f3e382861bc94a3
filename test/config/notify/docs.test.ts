import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { notifyTypes } from '../../../src/app/channels.ts'
import { routeSchema, parseNotify } from '../../../src/config/notify/load.ts'

const page = readFileSync(join(import.meta.dirname, '../../../docs/notify.md'), 'utf8')

/** The examples of routes and of what every channel may have. */
const blocks = Array.from(page.matchAll(/^```yaml\n((?:routes|channels):.*?)^```$/gms)).map(
  ([, text = '']) => text,
)

describe('docs/notify.md', () => {
  it.each(blocks)('has an example that loads: %s', (text) => {
    const channels = text.startsWith('routes:')
      ? 'channels: { slack: &c { type: slack, webhook_url: https://a.example }, email: *c, pagerduty: *c, sms: *c }\n'
      : ''
    const sources = {
      sources: [{ file: 'notify.md', text: channels + text }],
      directory: '/nowhere',
      files: [],
    }
    const { leftOut, routes } = parseNotify(sources, { env: {}, types: notifyTypes })
    expect(leftOut.length + routes.length).toBeGreaterThan(0)
  })

  it('has a row for each key of a route', () => {
    expect(blocks.length).toBeGreaterThan(1)
    for (const key of Object.keys(routeSchema.shape)) expect(page).toContain(`\n| \`${key}\` |`)
  })
})
