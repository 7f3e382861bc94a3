import { targetsOf } from '../../../src/config/public-page.ts'
import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../../src/config/load/load.ts'
import type { Config } from '../../../src/config/config.ts'
import type { Labels } from '../../../src/config/discovery/kind.ts'

/** A configuration, and what its only source has answered. */
function parse(text: string, found?: readonly Labels[], env = {}): Config {
  const read = { sources: [{ file: 'targets.yml', text }], directory: '/etc/probity', files: [] }
  return parseConfig(read, { env, found: () => found })
}

const from = (template: string, rest = ''): string => `
defaults:
  labels: { env: prod }
modules:
  slow: { timeout: 20s, interval: 1m }
targets:
  - { name: gateway, url: https://gateway.example.com }
  - { name: shop, url: https://shop.example.com, depends_on: gateway, was: store }
targets_from:
  - http_sd: https://inventory.example.com
    name: inventory
    ${rest}
    template: ${template}
`
const simple = from(`{ name: '{name}', url: 'https://{__address__}/' }`)
const skipped = ({ discovered = [] }: Config): readonly string[] => discovered[0]?.problems ?? []
const names = ({ targets }: Config): string[] => targets.map(({ name }) => name)

describe('what is discovered', () => {
  it('is a target as if the file listed it', () => {
    const template = `{ name: '{name}', url: 'https://{__address__}/', module: '{module:-slow}', depends_on: shop, labels: { team: '{team}' } }`
    const config = parse(from(template), [{ name: 'a', __address__: 'a.example.com:8443', team: 'web' }])
    expect(names(config)).toEqual(['gateway', 'shop', 'a'])
    expect(config.target('a')).toMatchObject({
      instance: 'https://a.example.com:8443/',
      interval: 60,
      timeout: 20,
      labels: { env: 'prod', team: 'web' },
      dependsOn: ['shop', 'gateway'],
    })
    expect(config.discovered).toMatchObject([{ asked: true, targets: 1, skipped: 0, problems: [] }])
  })

  it('is nothing where nobody was asked, and the configuration is valid', () => {
    const config = parse(simple)
    expect(names(config)).toEqual(['gateway', 'shop'])
    expect(config.discovered).toMatchObject([{ asked: false, targets: 0, skipped: 0 }])
  })

  it.each<[string, string, Labels[], string[]]>([
    [
      'the name of a target',
      simple,
      [{ name: 'shop', __address__: 'a' }],
      ['"shop": the name is that of another target'],
    ],
    [
      'a former name of a target',
      simple,
      [{ name: 'store', __address__: 'a' }],
      ['"store": the name is that of another target'],
    ],
    [
      'the name of another one',
      simple,
      [
        { name: 'b', __address__: 'b' },
        { name: 'b', __address__: 'c' },
      ],
      ['"b": the name is that of another target'],
    ],
    [
      'no label',
      simple,
      [{ __address__: 'a' }],
      ['"a": has no label name: give a default with {name:-default}'],
    ],
    [
      'a URL that cannot be',
      simple,
      [{ name: 'c', __address__: 'a b' }],
      ['"c": url: "https://a b/" is not a valid URL'],
    ],
    [
      'a secret of the environment',
      simple,
      [{ name: 'c', __address__: '${SECRET}' }],
      ['"c": label __address__ contains $, {, } or a control character, which a template does not take'],
    ],
    [
      'a duration that does not fit what is inherited',
      from(`{ name: '{name}', url: 'https://x.example.com/', module: slow, interval: '{every}' }`),
      [{ name: 'c', every: '10s' }],
      ['"c": interval: timeout 20s must be shorter than interval 10s'],
    ],
    [
      'a module that is not there',
      from(`{ name: '{name}', url: 'https://x.example.com/', module: '{m}' }`),
      [{ name: 'c', m: 'slw' }],
      ['"c": module: there is no module "slw" (did you mean slow?)'],
    ],
    [
      'a parent that is not in the file',
      from(`{ name: '{name}', url: 'https://x.example.com/', depends_on: '{p}' }`),
      [
        { name: 'c', p: 'b' },
        { name: 'd', p: 'c' },
      ],
      ['"c": depends_on: the file lists no target "b"', '"d": depends_on: the file lists no target "c"'],
    ],
  ])('is skipped with %s, and the rest goes on', (_what, text, found, problems) => {
    const good = { name: 'a', __address__: 'a.example.com', every: '2m', m: 'slow', p: 'shop' }
    const config = parse(text, [good, ...found], { SECRET: 'sesame' })
    expect(skipped(config).map((problem) => problem.replace(/ URL: .*/, ' URL'))).toEqual(problems)
    expect(config.target('a')).toBeDefined()
    expect(config.discovered).toMatchObject([
      { targets: 1 + found.length - problems.length, skipped: problems.length },
    ])
  })

  it('is no more than the limit', () => {
    const found = ['a', 'b', 'c'].map((name) => ({ name, __address__: `${name}.example.com` }))
    const config = parse(from(`{ name: '{name}', url: 'https://{__address__}/' }`, 'limit: 2'), found)
    expect(names(config)).toEqual(['gateway', 'shop', 'a', 'b'])
    expect(skipped(config)).toEqual(['1 more than limit: 2'])
    expect(config.discovered).toMatchObject([{ skipped: 1 }])
  })

  it('may only be guarded where a label decides the host', () => {
    const found = [{ name: 'a', __address__: 'a.example.com' }]
    expect(parse(simple, found).target('a')?.guard).toEqual({ allowNetworks: [] })
    const allowed = from(`{ name: '{name}', tcp: '{__address__}:1' }`, 'allow_networks: 127.0.0.0/8')
    expect(parse(allowed, found).target('a')?.guard).toEqual({ allowNetworks: ['127.0.0.0/8'] })
    expect(
      parse(from(`{ name: '{name}', url: 'https://x.example.com/{name}' }`), found).target('a')?.guard,
    ).toBeUndefined()
  })

  it('keeps the secrets of the template from whoever lists it', () => {
    const template = `{ name: '{name}', url: 'https://{__address__}/', headers: { X-Key: '\${SECRET}' } }`
    const target = parse(from(template), [{ name: 'a', __address__: 'a' }], { SECRET: 'sesame' }).target('a')
    expect(target?.secrets).toContain('sesame')
    expect(JSON.stringify(target?.shown)).not.toContain('sesame')
  })

  it('may be named where targets are named that come and go', () => {
    const more = `web: { public: [a] }\nmaintenance:\n  - { targets: [a], schedule: '0 3 * * *', duration: 1h, timezone: UTC }\n`
    const found = [{ name: 'a', __address__: 'a' }]
    expect(parse(simple + more).publicPages?.flatMap(targetsOf)).toEqual(['a'])
    expect(parse(simple + more, found).target('a')?.maintenance).toHaveLength(1)
  })
})
