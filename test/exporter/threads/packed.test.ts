import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { foldersOfKinds } from '../../../scripts/docs/checks.ts'
import { kindOfCheck, type Check } from '../../../src/checks/index.ts'
import { pack, unpack } from '../../../src/exporter/threads/packed.ts'
import type { Example } from '../../support/example.ts'
import { parseTarget } from '../../support/parse-config.ts'

const sent = (value: unknown): unknown => unpack(structuredClone(pack(value)))

const parsed = (keys: object, secrets: Readonly<Record<string, string>> = {}): Check =>
  parseTarget(`targets: [${JSON.stringify({ name: 'it', ...keys })}]`, { secrets: { ...secrets } }).check

const checks = join(import.meta.dirname, '../../checks')
const folders = [...(await foldersOfKinds()).values()]
const examples = await Promise.all(
  folders.map(async (folder) => {
    const { example } = (await import(join(checks, folder, 'example.ts'))) as { example: Example }
    return { folder, example, check: parsed(example.target, example.files) }
  }),
)

/** Targets with the keys that are more than text: patterns, bytes, rules. */
const rich: readonly (readonly [what: string, keys: object])[] = [
  [
    'an HTTP check with every kind of rule',
    {
      url: 'https://shop.example/a?b=c',
      method: 'POST',
      body: 'x',
      headers: { 'x-a': 'b' },
      auth: { basic: { username: 'u', password: 'p' } },
      proxy: 'http://proxy.example:3128',
      expect: {
        status: ['2xx', 404],
        cel: 'body.a == 1',
        body: { matches: 'ok.*', not_matches: ['bad', 'worse'] },
        headers: { 'content-type': 'text/.*' },
        json: { '$.a': [1, 'x', null], '$.b': { gt: 5, matches: '^x' } },
      },
    },
  ],
  ['a dialogue', { tcp: 'mail.example:25', dialogue: [{ expect: '^220 (?<host>.*)' }, { send: 'QUIT' }] }],
]

describe('a check that is sent to a thread', () => {
  it.each(examples)('is there as it was: $folder', ({ check }) => {
    expect(sent(check)).toEqual(check)
  })

  it.each(rich)('is there as it was: %s', (_what, keys) => {
    const check = parsed(keys)
    expect(sent(check)).toEqual(check)
    expect(kindOfCheck(check).standsAlone).toBeDefined()
  })

  it.each([
    ['a function', { probe: () => 1 }],
    ['a class', { at: new Date(0) }],
  ])('is not sent with what would be lost: %s', (_what, value) => {
    expect(pack(value)).toBeUndefined()
  })
})

it.each(examples)('what a probe finds can be sent: $folder', ({ example: { result } }) => {
  expect(structuredClone(result)).toEqual(result)
})
