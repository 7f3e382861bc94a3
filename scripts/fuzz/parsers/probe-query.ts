import { host } from '../grammar.ts'
import { expectThat, refusable, type Parser } from '../parser.ts'
import { answerProbe } from '../../../src/exporter/probe.ts'
import type { ExporterContext } from '../../../src/exporter/context.ts'
import { parseConfig } from '../../../src/config/load/load.ts'
import { path } from '../grammar.ts'
import fc from 'fast-check'

const config = parseConfig(
  {
    sources: [
      {
        file: 'targets.yml',
        text: 'probe: { allow: ["https://[^/]+\\\\.example/.*"] }\nmodules: { api: { method: HEAD } }\ntargets: [{ name: pay, url: https://pay.example/ }]',
      },
    ],
    directory: '/',
    files: [],
  },
  { env: {}, foreign: [] },
)
const allowed = /^https:\/\/[^/]+\.example(?::\d+)?\/.*$/s
const probes = {
  probe: ({ target }: { target: { name: string; shown: { url?: string } } }): Promise<never> => {
    throw new Reached(target.name)
  },
}
class Reached extends Error {}
const context = { config: () => config, probes, adHocProbes: probes } as unknown as ExporterContext

/** The query of /probe. Nothing is probed. */
export const probeQuery: Parser = {
  name: 'probe-query',
  seeds: [
    'target=pay',
    'target=https://a.example/x&module=api',
    'target=https%3A%2F%2Fa.example%2F%3Fx%3D1&debug=true',
    'target=a&target=b',
    'module=api',
    'target=https://other/',
  ],
  grammar: fc
    .tuple(host, path, fc.constantFrom('', '&module=api', '&debug=true', '&x=%41'))
    .map(([name, rest, more]) => `target=https://${name}${rest}${more}`),
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
  parse: async (input) => {
    const url = `/probe?${input.toString('latin1').replaceAll(/[^\x21-\x7e\x80-\xff]/g, '')}`
    try {
      return await refusable(() => answerProbe({ url, headers: {} } as never, context))
    } catch (error) {
      if (!(error instanceof Reached)) throw error
      const isKnown =
        error.message === 'pay' || (URL.canParse(error.message) && allowed.test(new URL(error.message).href))
      expectThat(isKnown, `it probes ${error.message}`)
      return true
    }
  },
}
