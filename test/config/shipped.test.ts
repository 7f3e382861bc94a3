import { describe, expect, it } from 'vitest'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
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
