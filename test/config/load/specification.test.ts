import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { summarize } from '../../../src/commands/check/check.ts'
import { loadConfig } from '../../../src/config/load/load.ts'
import type { Config } from '../../../src/config/config.ts'
import { startConfigServer } from '../remote/config-server.ts'
import { atEnd } from '../../support/at-end.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const specification = (own = '{ max_latency: 200ms, severity: warning }') => `openapi: 3.1.0
x-probity:
  max_latency: 2s
  max_error_rate: 1%
paths:
  /pets:
    get:
      operationId: listPets
      responses: { 200: {} }
      x-probity: ${own}
  /pets/{id}:
    get:
      operationId: showPet
      responses: { 200: {} }
`

async function load(targets: string, text = specification()): Promise<Config> {
  const folder = await tempFolder()
  await writeFile(join(folder, 'pets.yaml'), text)
  await writeFile(join(folder, 'targets.yml'), targets)
  return loadConfig(join(folder, 'targets.yml'), { env: { SECRET: '3s' }, origins: true })
}

const target = (operation: string, keys = ''): string =>
  `  - { name: ${operation}, url: https://pets.example/, expect: { openapi: "pets.yaml#${operation}"${keys} } }\n`

/** Where a threshold is written, without the folder. */
function origin(config: Config, name: string, key: string): string | undefined {
  return config.originOf?.(name, key.split('.'))?.replace(/[^ ]*\//, '')
}

describe('x-probity of a specification', () => {
  it('gives what the target does not say: of the operation, else of all of them', async () => {
    const config = await load(
      `defaults: { severity: info, expect: { max_latency: 9s, slo: 99.5% } }\ntargets:\n${target('listPets')}${target('showPet')}`,
    )
    const [list, show] = config.targets
    expect(list).toMatchObject({
      severity: 'warning',
      expect: { maxLatency: 0.2, maxErrorRatio: 0.01, slo: 0.995 },
    })
    expect(show).toMatchObject({
      severity: 'info',
      expect: { maxLatency: 2, maxErrorRatio: 0.01, slo: 0.995 },
    })
    expect(
      ['severity', 'expect.max_latency', 'expect.max_error_rate', 'expect.slo'].map((key) =>
        origin(config, 'listPets', key),
      ),
    ).toEqual([
      'specification, pets.yaml:10',
      'specification, pets.yaml:10',
      'specification, pets.yaml:4',
      'defaults, targets.yml:1',
    ])
    expect(origin(config, 'showPet', 'expect.max_latency')).toBe('specification, pets.yaml:3')
  })

  it('gives way to the target and to its module', async () => {
    const config = await load(
      `modules: { quick: { expect: { max_latency: 50ms } } }
targets:
${target('listPets', ', max_latency: 300ms, slo: 99%')}  - { name: b, url: https://b.example/, module: quick, severity: critical, expect: { openapi: pets.yaml#listPets } }
`,
    )
    expect(config.targets).toMatchObject([
      { expect: { maxLatency: 0.3, maxErrorRatio: 0.01, slo: 0.99 } },
      { severity: 'critical', expect: { maxLatency: 0.05 } },
    ])
    expect(origin(config, 'listPets', 'expect.max_latency')).toBe('targets.yml:3')
    expect(origin(config, 'b', 'expect.max_latency')).toBe('module quick, targets.yml:1')
  })

  it('holds for the calls of the target, too', async () => {
    const { callTargets } = await load(
      `targets: [{ name: a, url: https://a.example/, calls: { host: ^a$ }, expect: { openapi: pets.yaml#listPets } }]`,
    )
    expect(callTargets).toMatchObject([
      { severity: 'warning', expect: { maxLatency: 0.2, maxErrorRatio: 0.01 } },
    ])
  })

  it('is what probity check names', async () => {
    const config = await load(`targets:\n${target('listPets')}`)
    const lines = summarize('targets.yml', config).replaceAll(/\([^()]*\//g, '(')
    expect(lines).not.toContain('expect.slo')
    expect(lines).toContain('note: listPets: severity is warning (')
    expect(summarize('targets.yml', config)).toMatch(
      /note: listPets: expect\.max_latency is 200ms \(specification, .*pets\.yaml:10\)\n.*expect\.max_error_rate is 1% \(specification, .*pets\.yaml:4\)/,
    )
  })

  it.each([
    ['{ max_latency: soon }', /pets\.yaml:10:\d+ .*x-probity\.max_latency: "soon" is not a valid duration/],
    ['{ max_latencey: 1s }', /pets\.yaml:10:\d+ .*x-probity\.max_latencey: .*did you mean max_latency/],
    ['{ url: https://example.com }', /pets\.yaml:10:\d+ .*x-probity\.url: /],
    ['5', /pets\.yaml:10:\d+ .*x-probity: expected a mapping/],
    ["'${SECRET}'", /pets\.yaml:10:\d+ .*x-probity: expected a mapping/],
    ["{ max_latency: '${SECRET}' }", /pets\.yaml:10:\d+ .*x-probity\.max_latency: .*is not a valid duration/],
  ])('is refused as %s, at its place in the specification', async (own, message) => {
    const loading = load(
      `targets:\n${target('listPets')}${target('listPets').replace('name: l', 'name: x')}`,
      specification(own),
    )
    await expect(loading).rejects.toThrow(message)
    await expect(loading).rejects.not.toThrow(/\n/)
  })

  it('comes with a specification from a URL, too', async () => {
    const server = await startConfigServer(specification())
    atEnd(() => server.stop())
    const config = await load(
      `targets: [{ name: a, url: https://a.example/, expect: { openapi: "${server.url}?key=s3cret#showPet" } }]`,
    )
    expect(config.targets[0]?.expect.maxLatency).toBe(2)
    expect(config.originOf?.('a', ['expect', 'max_latency'])).toBe(`specification, ${server.url}?...:3`)
  })
})
