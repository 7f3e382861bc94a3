import { describe, expect, it } from 'vitest'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { withOwnAddress } from '../../src/app/setup/own-address.ts'
import type { ListenAddress } from '../../src/lib/http/listen.ts'
import { loadConfig } from '../../src/config/load/load.ts'
import { parse } from '../support/parse-config.ts'

const folder = join(import.meta.dirname, '../../config')

describe('the shipped configuration', () => {
  it('watches Probity itself', async () => {
    const { targets } = await loadConfig(join(folder, 'targets.yml'), { env: {} })
    expect(targets.map(({ name, instance }) => [name, instance])).toEqual([
      ['probity', 'http://localhost:9740/-/healthy'],
    ])
  })

  it('loads nothing of its library, also as a folder', async () => {
    const { targets, vendors } = await loadConfig(folder, { env: {} })
    expect(targets.map(({ name }) => name)).toEqual(['probity'])
    expect([...vendors]).toEqual([])
  })

  it.each([
    ['127.0.0.1', undefined, 'http://localhost:9888/-/healthy'],
    ['', '/probity', 'http://localhost:9888/<secret>/-/healthy'],
    ['10.0.0.5', undefined, 'http://10.0.0.5:9888/-/healthy'],
    ['2001:db8::5', undefined, 'http://[2001:db8::5]:9888/-/healthy'],
  ])('watches it where it listens: %s', async (host, routePrefix, expected) => {
    const env = withOwnAddress({}, { listenAddress: { host, port: 9888 }, routePrefix })
    const { targets } = await loadConfig(join(folder, 'targets.yml'), { env })
    expect(targets.map(({ instance }) => instance)).toEqual([expected])
  })

  it('watches what somebody names instead, and the usual address if a free port or a socket of systemd is used', () => {
    const of = (listenAddress: ListenAddress, env = {}) =>
      withOwnAddress(env, { listenAddress })['PROBITY_SELF']
    expect(of({ host: '', port: 1 }, { PROBITY_SELF: 'https://monitor' })).toBe('https://monitor')
    expect(of({ host: '', port: 0 })).toBeUndefined()
    expect(of({ host: '', port: 1, fd: 3 })).toBeUndefined()
  })

  it('has examples that load once their # is taken away', async () => {
    const text = await readFile(join(folder, 'targets.yml'), 'utf8')
    const examples = text
      .replaceAll(/^( *)# (?=( *)(- |[a-z_]+:|\{))/gm, '$1')
      .replaceAll(/^(.*)Add your own.*$/gm, '')
    const config = parse(examples, { env: { STRIPE_KEY: 'sk' } })
    expect(config.targets.map(({ name }) => name)).toEqual([
      'https://example.com',
      'probity',
      'stripe-charges',
      'intranet',
    ])
    expect(config.target('intranet')).toMatchObject({ interval: 60, expect: { maxLatency: 2 } })
    expect([...config.vendors.values()]).toEqual([
      { name: 'stripe', sla: 0.9999, url: 'https://status.stripe.com' },
    ])
    expect(config.probe.allow).toHaveLength(1)
  })
})
