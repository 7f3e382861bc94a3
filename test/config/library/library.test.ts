import { readdirSync, readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { createHttpProber } from '../../../src/checks/http/probe.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import type { Config } from '../../../src/config/config.ts'
import { targetsJsonSchema } from '../../../src/config/document/json-schema.ts'
import { loadConfig } from '../../../src/config/load/load.ts'
import { renderProbe } from '../../../src/metrics/render.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { testClock } from '../../support/time/clock.ts'
import { aiAndCode } from './answers/ai-and-code.ts'
import { messages } from './answers/messages.ts'
import { payments } from './answers/payments.ts'
import { searchAndIdentity } from './answers/search-and-identity.ts'
import { storage } from './answers/storage.ts'
import type { Documented } from './documented.ts'
import { startFakeVendor, type FakeVendor } from './fake.ts'

const folder = join(import.meta.dirname, '../../../config/library')
const modules = readdirSync(folder).map((file) => file.replace(/\.yml$/, ''))
const all: Readonly<Record<string, Documented>> = {
  ...payments,
  ...messages,
  ...storage,
  ...searchAndIdentity,
  ...aiAndCode,
}
const rows = Object.entries(all).map(([name, documented]) => ({ name, documented }))

async function load(name: string, env: Readonly<Record<string, string>>): Promise<Config> {
  const file = join(await tempFolder(), 'targets.yml')
  await writeFile(file, `targets_from:\n  - library: ${name}\n`)
  return loadConfig(file, { env })
}

interface Probed {
  readonly result: ProbeResult
  readonly metrics: string
  /** The addresses that were connected to. */
  readonly addresses: readonly string[]
}

/** Loads a module in the way that a user does, with the addresses of a fake, and makes one check. */
async function probe(
  name: string,
  { addresses }: Documented,
  { peer }: FakeVendor,
  env: Record<string, string>,
) {
  const urls = Object.entries(addresses).map(([variable, path]) => [variable, `${peer.url}${path}`])
  const { targets } = await load(name, { ...(Object.fromEntries(urls) as Record<string, string>), ...env })
  const [target] = targets
  if (!target || targets.length !== 1) throw new Error(`expected one target, got ${targets.length}`)
  const reached: string[] = []
  // Tokens of one check are not those of the next.
  const http = createHttpProber()
  const result = await runProbe(target.check, {
    timeoutSeconds: 30,
    clock: testClock(),
    probers: { http: () => Promise.resolve(http) },
    allowAddress: (address) => {
      reached.push(address)
      if (address !== '127.0.0.1') throw new Error(`${address} is not this machine`)
    },
  })
  return {
    result,
    metrics: renderProbe({ target, result, timeoutSeconds: 30 }),
    addresses: reached,
  } satisfies Probed
}

/** Whether a module gives a default for a variable. */
function hasDefault(name: string, variable: string): boolean {
  return readFileSync(join(folder, `${name}.yml`), 'utf8').includes(`\${${variable}:-`)
}

const variablesOf = ({ env = {}, addresses }: Documented): string[] => [
  ...Object.keys(env),
  ...Object.keys(addresses),
]

it('of the library every module has a fake of its documented answers, and a row in the documentation', () => {
  expect(modules.toSorted()).toEqual(Object.keys(all).toSorted())
  const page = readFileSync(join(folder, '../../docs/library.md'), 'utf8')
  const listed = [...page.matchAll(/^\| \[`([\w-]+)`\]/gm)].map(([, name = '']) => name)
  expect(listed.toSorted()).toEqual(modules.toSorted())
})

describe.each(rows)('the module $name', ({ name, documented }) => {
  const { env = {}, credential, rateLimit, limited, refused, names } = documented

  /** One check of a vendor that is in trouble. */
  async function failure(trouble: Partial<Pick<FakeVendor, 'condition' | 'closed'>>, other = env) {
    const fake = Object.assign(await startFakeVendor(documented), trouble)
    const { result } = await probe(name, documented, fake, other)
    const words = result.failure?.message ?? ''
    if (credential) expect(words).not.toContain(other[credential])
    return { reason: result.failure?.reason, words, result }
  }

  it('succeeds with the documented answer', async () => {
    const fake = await startFakeVendor(documented)
    const { result, metrics, addresses } = await probe(name, documented, fake, env)
    expect(result.failure).toBeUndefined()
    expect(fake.peer.received.at(-1)).toMatchObject({
      method: documented.request.method ?? 'GET',
      path: documented.request.path,
      body: '',
    })
    expect(result.rateLimit).toEqual(rateLimit)
    if (rateLimit) expect(metrics).toContain(`probe_ratelimit_remaining ${rateLimit.remaining}`)
    expect(new Set(addresses)).toEqual(new Set(['127.0.0.1']))
  })

  it('fails with a wrong credential, and says so', async () => {
    const { reason, words } = credential
      ? await failure({}, { ...env, [credential]: 'a-wrong-credential' })
      : await failure({ closed: true })
    expect(reason).toBe(refused.status === 200 ? 'body' : 'status')
    expect(words).toContain(names ?? `expected 200, got ${refused.status}`)
  })

  it('fails when the vendor limits its calls, and reads when it may call again', async () => {
    const { reason, words, result } = await failure({ condition: 'limited' })
    expect(reason).toBe('status')
    expect(words).toContain(`expected 200, got ${limited.status}`)
    const said = Object.keys(limited.headers ?? {}).some((header) => /rate-?limit-|retry-after/.test(header))
    expect(result.rateLimit?.remaining).toBe(said ? 0 : undefined)
  })

  it('fails when the answer lacks what is promised', async () => {
    const { reason, words } = await failure({ condition: 'lacking' })
    expect(reason).toBe(documented.request.method === 'HEAD' ? 'header' : 'body')
    expect(words).toMatch(/expected /)
  })

  it('fails when the vendor is broken', async () => {
    const { reason, words } = await failure({ condition: 'broken' })
    expect(reason).toBe('status')
    expect(words).toContain('expected 200, got 503')
  })

  it.each(variablesOf(documented))('says that %s is not set, unless it has a default', async (variable) => {
    const addresses = Object.keys(documented.addresses).map((key) => [key, 'https://vendor.example'])
    const complete = { ...env, ...(Object.fromEntries(addresses) as Record<string, string>) }
    const { [variable]: _removed, ...rest } = complete
    const loaded = load(name, rest)
    if (hasDefault(name, variable)) await expect(loaded).resolves.toBeDefined()
    else await expect(loaded).rejects.toThrow(`the environment variable ${variable} is not set: set it`)
  })
})

describe('the library', () => {
  it.each([
    ['stripe', payments.stripe, { STRIPE_KEY_EXPIRES: '2027-01-31' }],
    ['github', aiAndCode.github, {}],
  ] as const)('says when a credential of %s expires', async (name, documented, more) => {
    const fake = await startFakeVendor(documented)
    const { metrics } = await probe(name, documented, fake, { ...documented.env, ...more })
    expect(metrics).toContain(
      `probe_credential_expiry_timestamp_seconds{credential="bearer"} ${Date.UTC(2027, 0, 31) / 1000}`,
    )
  })

  it('has a name, a vendor and https for each module, and shows no credential', async () => {
    for (const { name, documented } of rows) {
      const { addresses, env = {} } = documented
      const required = Object.keys(addresses).filter((variable) => !hasDefault(name, variable))
      const urls = required.map((variable) => [variable, 'https://vendor.example/a'])
      const config = await load(name, { ...env, ...(Object.fromEntries(urls) as Record<string, string>) })
      expect(config.targets.map((target) => target.name)).toEqual([name])
      const [target] = config.targets
      const vendor = config.vendors.get(target?.labels['vendor'] ?? '')
      expect(vendor?.url).toMatch(/^https:\/\//)
      if (vendor?.status) expect(vendor.status.url.protocol).toBe('https:')
      expect(target?.instance).toMatch(/^https:\/\//)
      expect(target?.interval).toBeGreaterThanOrEqual(60)
      const secret = env[documented.credential ?? '']
      if (secret === undefined) continue
      expect(target?.secrets).toContain(secret)
      expect(JSON.stringify([target?.shown, target?.instance])).not.toContain(secret)
    }
  })

  it('is what editors take for a valid file, by the schema that each module names', () => {
    const validate = new Ajv({ strict: false, logger: false }).compile(targetsJsonSchema())
    const wrong = modules.filter((name) => {
      const text = readFileSync(join(folder, `${name}.yml`), 'utf8')
      expect(text).toMatch(/^# yaml-language-server: \$schema=\.\.\/schema\/targets\.schema\.json\n/)
      return !validate(parse(text))
    })
    expect(wrong).toEqual([])
  })
})
