import { describe, expect, it } from 'vitest'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadConfig, parseConfig } from '../../../src/config/load/load.ts'
import { createConfigStore } from '../../../src/config/store.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { parse } from '../../support/parse-config.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const log = createLogger({ destination: { write: () => undefined } })

describe('calls:', () => {
  it('may say that nobody has to know when no call comes any more', () => {
    const missing = ['off', 'false', "'off'", 'on', 'true'].map(
      (written) =>
        parse(`targets: [{ name: a, calls: { host: a, missing: ${written} } }]`).callTargets[0]?.missing,
    )
    expect(missing).toEqual(['off', 'off', 'off', undefined, undefined])
    expect(() => parse('targets: [{ name: a, calls: { host: a, missing: 1h } }]')).toThrow(
      '"1h" is not valid: expected on or off',
    )
  })

  it('judges the calls of a target that is probed by the same expectation', () => {
    const { targets, callTargets } = parse(`
      defaults: { severity: warning, labels: { team: shop } }
      targets:
        - name: charges
          url: https://api.stripe.com/v1/charges
          labels: { vendor: stripe }
          runbook: https://wiki.example.com/stripe
          expect: { max_latency: 300ms, max_error_rate: 1% }
          calls: { method: POST, host: api.stripe.com, path: ^/v1/charges, expect: { status: [2xx, 404] } }
        - https://example.com`)
    expect(targets.map(({ name }) => name)).toEqual(['charges', 'https://example.com'])
    expect(callTargets).toMatchObject([
      {
        name: 'charges',
        severity: 'warning',
        labels: { team: 'shop', vendor: 'stripe' },
        runbook: 'https://wiki.example.com/stripe',
        expect: { maxLatency: 0.3, maxErrorRatio: 0.01 },
        match: {
          method: { source: 'POST' },
          host: { source: 'api.stripe.com' },
          path: { source: '^/v1/charges' },
        },
        status: [
          { from: 200, to: 299 },
          { from: 404, to: 404 },
        ],
        probed: true,
      },
    ])
    expect(callTargets[0]?.match).not.toHaveProperty('operation')
  })

  it('makes a target that has only calls, which nothing probes', () => {
    const config = parse(`
      targets:
        - name: sms
          calls: { host: sms.example.com }`)
    expect(config.targets).toEqual([])
    expect(config.target('sms')).toBeUndefined()
    expect(config.callTargets).toMatchObject([
      { name: 'sms', severity: 'critical', expect: { maxLatency: 1, maxErrorRatio: 0.05 }, probed: false },
    ])
  })

  it('says by labels who is notified of its calls, whether it is probed or not', () => {
    const { callTargets } = parse(`
      targets:
        - { name: sms, calls: { host: a }, notify: [slack, oncall], repeat: 1h }
        - { name: web, url: "http://127.0.0.1/", calls: { host: b }, notify: slack, labels: { team: shop } }`)
    expect(callTargets.map(({ labels }) => labels)).toEqual([
      { notify: 'slack,oncall', repeat: '1h' },
      { team: 'shop', notify: 'slack' },
    ])
  })

  it('takes what is expected from the defaults and from a module', () => {
    const { callTargets } = parse(`
      defaults: { expect: { max_error_rate: 2% } }
      modules: { fast: { expect: { max_latency: 100ms } } }
      targets:
        - { name: sms, module: fast, calls: { operation: ^sms } }
        - { name: any, calls: { method: GET }, expect: { max_latency: off, max_error_rate: off } }`)
    expect(callTargets.map((target) => target.expect)).toEqual([
      { maxLatency: 0.1, maxErrorRatio: 0.02 },
      { maxLatency: Infinity, maxErrorRatio: 1 },
    ])
  })
})

describe('expectation files', () => {
  const yaml = 'defaults: { expect: { max_error_rate: 3% } }\ntargets: [https://example.com]\n'
  const file = `method stripe.Charge.create() {
  max_latency = 100ms
  max_error_rate = 1%
}
method makePayment(String foo) { latency = 50ms }
`

  it('are read next to targets.yml', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'targets.yml'), yaml)
    await writeFile(join(folder, 'api.mm'), file)
    await writeFile(join(folder, '.hidden.mm'), 'no expectations')
    const { targets, callTargets } = await loadConfig(join(folder, 'targets.yml'), { env: {} })
    expect(targets).toHaveLength(1)
    expect(callTargets).toMatchObject([
      {
        name: 'stripe.Charge.create',
        expect: { maxLatency: 0.1, maxErrorRatio: 0.01 },
        match: { operation: { source: String.raw`^stripe\.Charge\.create$` } },
        probed: false,
      },
      { name: 'makePayment', expect: { maxLatency: 0.05, maxErrorRatio: 0.03 } },
    ])
  })

  it('can be all there is in a directory', async () => {
    const folder = await tempFolder()
    await writeFile(join(folder, 'api.mm'), file)
    const { callTargets } = await loadConfig(folder, { env: {} })
    expect(callTargets.map(({ name }) => name)).toEqual(['stripe.Charge.create', 'makePayment'])
  })

  it('without a method are not a mistake', () => {
    const sources = [
      { file: 'targets.yml', text: yaml },
      { file: 'api.mm', text: '# later\n' },
    ]
    expect(parseConfig({ sources, directory: '/', files: [] }, { env: {} }).callTargets).toEqual([])
  })

  it('are followed: one that appears, changes, is wrong, and goes', async () => {
    const folder = await tempFolder()
    await mkdir(join(folder, 'config'))
    const target = join(folder, 'config', 'targets.yml')
    const api = join(folder, 'config', 'api.mm')
    await writeFile(target, yaml)
    const store = createConfigStore({ file: target, env: {}, log, pollMs: 50, settleMs: 10 })
    await store.start()
    const names = (): string[] => store.current.callTargets.map(({ name }) => name)
    try {
      await writeFile(api, file)
      await waitFor('the new file', () => names().length === 2)
      await writeFile(api, 'method other() { latency = 1s }')
      await waitFor('its change', () => names().join() === 'other')
      await writeFile(api, 'method other() { latency = }')
      await waitFor('the mistake', () => !store.status.successful)
      expect(names()).toEqual(['other'])
      await rm(api)
      await waitFor('its end', () => names().length === 0)
      expect(store.status.successful).toBe(true)
    } finally {
      await store.stop()
    }
  })
})
