import { describe, expect, it } from 'vitest'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { parse as parseYamlText } from 'yaml'
import { z } from 'zod'
import { targetsJsonSchema } from '../../../src/config/document/json-schema.ts'
import { badText } from '../bad-cases.ts'

const root = join(import.meta.dirname, '../../..')

/** Whether an editor that follows the schema would accept a file. */
const accepts = (text: string): boolean =>
  z.fromJSONSchema(targetsJsonSchema()).safeParse(parseYamlText(text)).success

describe('the JSON Schema', () => {
  it('is committed as the sources give it (npm run generate)', async () => {
    const committed: unknown = JSON.parse(
      await readFile(join(root, 'config/schema/targets.schema.json'), 'utf8'),
    )
    expect(committed).toEqual(JSON.parse(JSON.stringify(targetsJsonSchema())))
  })

  it('accepts what the loader accepts', async () => {
    expect(accepts(await readFile(join(root, 'config/targets.yml'), 'utf8'))).toBe(true)
    expect(accepts('- targets: [https://a.example.com]\n  labels: { team: a }')).toBe(true)
    expect(
      accepts(`
x-anchors: { any: thing }
defaults: { interval: 1m, alert_after: 15m, severity: info, auth: { basic: { username: a, password: b } } }
modules: { slow: { timeout: "\${TIMEOUT}", expect: { max_latency: off } } }
vendors: { acme: { sla: 99.9%, url: https://status.example.com } }
probe: { allow: ["https://.*"], allow_networks: 10.0.0.0/8 }
targets:
  - https://a.example.com
  - "\${URL}"
  - name: a
    url: https://a.example.com
    auth: ~
    headers: { A: b, C: ~ }
    follow_redirects: false
    alert_after: 3
    expect: { status: [2xx, 401], max_error_rate: 0.01, version: [1.1, "2"], ssl: true, not_headers: { a: b }, headers: { c: [d, e] }, json: { $.a: null }, body: { contains: [a], matches: b } }
`),
    ).toBe(true)
  })

  it.each([
    'unknown-key',
    'unknown-top-key',
    'key-in-the-wrong-place',
    'interval-without-unit',
    'interval-no-duration',
    'severity-unknown',
    'target-is-a-number',
    'expect-is-a-list',
    'label-values',
    'auth-unknown',
    'url-of-another-scheme',
    'module-with-url',
    'seed-malformed',
  ])('refuses %s', (name) => {
    expect(accepts(badText(name))).toBe(false)
  })
})
