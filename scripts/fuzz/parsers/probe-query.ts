import fc from 'fast-check'
import { parseConfig } from '../../../src/config/load/load.ts'
import type { ExporterContext } from '../../../src/exporter/context.ts'
import { answerProbe } from '../../../src/exporter/probe.ts'
import type { ProbeRequest } from '../../../src/exporter/shared-probes.ts'
import { foreignFormats } from '../../../src/foreign/index.ts'
import { aResult } from '../../../test/support/target.ts'
import { host, path } from '../grammar.ts'
import { expectThat, refusable, type Parser } from '../parser.ts'
import { fixtures } from './importing.ts'

const text = JSON.stringify({
  probe: { allow: ['https://[^/]+\\.example/.*', '[a-z.]+\\.example(:\\d+)?'] },
  defaults: { timeout: '20s', interval: '25s' },
  modules_from: 'blackbox.yml',
  modules: { api: { method: 'HEAD' }, slow: { timeout: '40s' } },
  targets: [
    { name: 'pay', url: 'https://pay.example/' },
    { name: 'paused', url: 'https://paused.example/', enabled: false },
  ],
})
const config = parseConfig(
  { sources: [{ file: 'targets.yml', text }], directory: fixtures, files: [] },
  { env: {}, foreign: foreignFormats },
)
const allowed = [/^https:\/\/[^/]+\.example(?::\d+)?\/.*$/s, /^[a-z.]+\.example(?::\d+)?$/]

/** What would be probed last. */
let asked: ProbeRequest | undefined
const probes = {
  probe: (request: ProbeRequest) => {
    asked = request
    const { target, timeoutSeconds } = request
    return Promise.resolve({ target, timeoutSeconds, result: aResult(), log: { lines: [] } })
  },
}
const context = { config: () => config, probes, adHocProbes: probes } as unknown as ExporterContext

const headers: readonly Readonly<Record<string, string>>[] = [
  {},
  { accept: 'application/openmetrics-text; version=1.0.0', 'accept-encoding': 'gzip' },
  { 'x-prometheus-scrape-timeout-seconds': '15', 'accept-encoding': 'gzip' },
]

/** The query of /probe. Nothing is probed. */
export const probeQuery: Parser = {
  name: 'probe-query',
  seeds: [
    'target=pay',
    'target=pay&debug=true',
    'target=pay&module=api',
    'target=paused',
    'target=https://a.example/x&module=api',
    'target=https%3A%2F%2Fa.example%2F%3Fx%3D1&debug=true',
    'target=a&target=b',
    'module=api',
    'target=https://other/',
    'target=shop.example:25&module=smtp_starttls',
    'target=shop.example&module=strange',
    'target=https://a.example/&module=slow',
    'target=https://u:p@a.example/&module=nosuch',
  ],
  grammar: fc.oneof(
    fc
      .tuple(host, path, fc.constantFrom('', '&module=api', '&module=slow', '&debug=true', '&x=%41'))
      .map(([name, rest, more]) => `target=https://${name}${rest}${more}`),
    fc
      .tuple(host, fc.constantFrom('', ':25', ':x'), fc.constantFrom(...config.moduleNames, 'nosuch'))
      .map(([name, port, module]) => `target=${name}${port}&module=${module}`),
    fc
      .tuple(host, path, fc.constantFrom(...config.moduleNames))
      .map(([name, rest, module]) => `target=https://${name}${rest}%3Fsecret=1&module=${module}`),
    fc.constantFrom('target=pay', 'target=pay&debug=true', 'target=paused', 'target=pay&module=api'),
  ),
  tokens: [
    'target=',
    '&',
    '%',
    '%2F',
    '%00',
    'https://',
    'http://',
    'a.example',
    '@',
    '\\',
    '#',
    '?',
    '[::1]',
    '127.0.0.1',
    'module=',
    'file:',
    'pay',
    '//',
    ';',
  ],
  sources: ['src/exporter/probe.ts', 'src/exporter/ad-hoc.ts', 'src/config/load/adhoc.ts'],
  parse: (input) => {
    const url = `/probe?${input.toString('latin1').replaceAll(/[^\x21-\x7e\x80-\xff]/g, '')}`
    asked = undefined
    return refusable(async () => {
      const { body } = await answerProbe({ url, headers: headers[input.length % 3] } as never, context)
      expectThat(body.length > 0, 'the answer is empty')
      const { target } = asked ?? {}
      expectThat(target !== undefined, 'nothing is probed')
      const name = target?.name ?? ''
      const isKnown =
        name === 'pay' || allowed.some((form) => form.test(URL.canParse(name) ? new URL(name).href : name))
      expectThat(isKnown, `it probes ${name}`)
    })
  },
}
