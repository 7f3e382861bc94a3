import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { catalogue } from '../../src/metrics/catalogue.ts'
import { formatFor } from '../../src/metrics/format.ts'
import { openMetrics } from '../../src/metrics/open-metrics.ts'
import { head } from '../../src/metrics/text.ts'
import { ask } from '../access/support/ask.ts'
import { startService, type ServiceName, type TestService } from '../access/support/services.ts'
import { reportSpan, traceId } from './support/span.ts'
import { parseOpenMetrics, type OpenFamily } from '../support/open-metrics.ts'
import { promtool, promtools } from '../support/programs/promtool.ts'
import { describeWithTool } from '../support/programs/tools.ts'

/** What Prometheus 2.42 and 3.5 send. */
const accepts = [
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1',
  'application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,application/openmetrics-text;version=0.0.1;q=0.4,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.3,text/plain;version=0.0.4;q=0.2,*/*;q=0.1',
] as const

const pages: readonly [ServiceName, readonly string[]][] = [
  ['exporter', ['/metrics', '/probe?target=open']],
  ['solo', ['/metrics', '/probe?target=open']],
  ['notifier', ['/metrics']],
]

describe.each(pages)('the metrics of %s', (name, paths) => {
  let service: TestService

  beforeAll(async () => {
    service = await startService(name, {})
    if (name === 'notifier') return
    const calls = [
      '2\tGET\thttps://stripe/v1\t90\t200',
      '2\tGET\thttps://nobody/\t90\t200\tsome.operation',
      'x',
    ]
    await fetch(`${service.url}/api/v1/calls`, { method: 'POST', body: calls.join('\n') })
    await reportSpan(service.url)
  })

  afterAll(() => service.stop())

  const families = async (path: string, accept: string): Promise<OpenFamily[]> => {
    const answer = await ask(`${service.url}${path}`, { headers: { Accept: accept } })
    expect(answer.headers['content-type']).toBe('application/openmetrics-text; version=1.0.0; charset=utf-8')
    return parseOpenMetrics(answer.text)
  }

  it.each(paths)('%s is OpenMetrics for Prometheus, with the same series', async (path) => {
    const answer = await ask(`${service.url}${path}`)
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; version=0.0.4; charset=utf-8',
      vary: 'Accept, Accept-Encoding',
    })
    // What Node.js has open changes all the time.
    const known = answer.text.split('\n').filter((line) => /^(?!nodejs_)\w/.test(line))
    for (const accept of accepts) {
      const samples = (await families(path, accept)).flatMap((family) => family.samples)
      expect(samples.map(({ name }) => name).filter((one) => !one.startsWith('nodejs_'))).toEqual(
        known.map((line) => /^\w+/.exec(line)?.[0]),
      )
    }
  })

  it.each(paths)('%s is compressed for who wants it so', async (path) => {
    const compressed = async (accepted: string): Promise<boolean> => {
      const answer = await fetch(`${service.url}${path}`, { headers: { 'Accept-Encoding': accepted } })
      expect(await answer.text()).toContain('# HELP')
      return answer.headers.get('content-encoding') === 'gzip'
    }
    for (const accepted of ['gzip', 'deflate, GZIP;q=0.5', '*']) expect(await compressed(accepted)).toBe(true)
    for (const accepted of ['', 'identity', 'gzip;q=0, *', 'br'])
      expect(await compressed(accepted)).toBe(false)
  })

  it.runIf(name !== 'notifier')('/metrics has the trace of a call as an exemplar', async () => {
    const found = (await families('/metrics', accepts[0])).find(
      (one) => one.name === 'api_call_duration_seconds',
    )
    const exemplars = found?.samples.flatMap((sample) =>
      sample.exemplar ? [{ ...sample.exemplar, le: sample.labels['le'], of: sample.labels['outcome'] }] : [],
    )
    const [{ at = 0, ...exemplar } = {}, ...others] = exemplars ?? []
    expect([exemplar, others]).toEqual([
      { labels: { trace_id: traceId }, value: 0.15, le: '0.15', of: 'error' },
      [],
    ])
    expect(Math.abs(Date.now() / 1000 - at)).toBeLessThan(300)
  })

  describeWithTool(['promtool'], 'by promtool', () => {
    it.each(promtools.flatMap((tool) => paths.map((path) => [tool, path] as const)))(
      '%s: %s',
      async (tool, path) => {
        const { text } = await ask(`${service.url}${path}`)
        expect(await promtool(tool, ['check', 'metrics'], text)).toEqual({ passed: true, output: '' })
      },
    )
  })
})

describeWithTool(['promtool'], 'every metric of the catalogue', () => {
  // Minitor's are named as its users know them.
  const metrics = [...catalogue.probe, ...catalogue.self].filter(({ name }) => !name.startsWith('minitor_'))

  it.each(promtools)('has a name that %s accepts', async (tool) => {
    const text = metrics
      .map((metric) => {
        const suffixes = metric.type === 'histogram' ? ['_bucket{le="+Inf"}', '_sum', '_count'] : ['']
        return head(metric) + suffixes.map((suffix) => `${metric.name}${suffix} 1\n`).join('')
      })
      .join('')
    expect(await promtool(tool, ['check', 'metrics'], text)).toEqual({ passed: true, output: '' })
    expect(parseOpenMetrics([...openMetrics([text])].join(''))).toHaveLength(metrics.length)
  })
})

describe('OpenMetrics', () => {
  it('names counters as their samples without _total, escapes quotes in help, and writes bounds with a point', () => {
    const pieces = [
      '# HELP a_total An "a"\n# TYPE a_total counter\n',
      'a_total{x="le=\\"1\\""} 1\n',
      '\n# HELP b Odd\n# TYPE b counter\nb 1\n\n',
      '# HELP c_seconds C\n# TYPE c_seconds histogram\nc_seconds_bucket{le="1"} 1\nc_seconds_bucket{le="2.5"} 1\n',
      'c_seconds_bucket{le="30",x="y"} 1\n',
    ]
    expect([...openMetrics(pieces)].join('')).toBe(
      [
        '# HELP a An \\"a\\"',
        '# TYPE a counter',
        'a_total{x="le=\\"1\\""} 1',
        '# HELP b Odd',
        '# TYPE b unknown',
        'b 1',
        '# HELP c_seconds C',
        '# TYPE c_seconds histogram',
        'c_seconds_bucket{le="1.0"} 1',
        'c_seconds_bucket{le="2.5"} 1',
        'c_seconds_bucket{le="30.0",x="y"} 1',
        '# EOF',
        '',
      ].join('\n'),
    )
  })

  it.each([
    [undefined, 'text'],
    ['*/*', 'text'],
    ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'text'],
    ['application/openmetrics-text', 'openMetrics'],
    ['Application/OpenMetrics-Text; Version="1.0.0"', 'text'],
    ['application/openmetrics-text; version="1.0.0"', 'openMetrics'],
    ['application/openmetrics-text;version=0.0.1', 'text'],
    ['application/openmetrics-text;q=0', 'text'],
    ['application/openmetrics-text;q=0.4,text/plain;q=0.5', 'text'],
    ['application/openmetrics-text;q=much,text/plain', 'text'],
    ['text/plain;version=0.0.4', 'text'],
  ] as const)('for Accept: %s: %s', (accept, format) => {
    expect(formatFor(accept)).toBe(format)
  })

  it('is read by the tests as strictly as by its specification', () => {
    const good = '# HELP a A\n# TYPE a gauge\na 1\n# EOF\n'
    expect(parseOpenMetrics(good)).toMatchObject([{ name: 'a', type: 'gauge', samples: [{ value: 1 }] }])
    for (const [from, to] of [
      ['# EOF\n', ''],
      ['\na 1', '\n\na 1'],
      ['gauge', 'counter'],
      ['A\n', 'A"\n'],
      ['a 1', 'a{x=1} 1'],
      ['a 1', 'a 1 # {x="y"} 1'],
      ['# EOF', '# HELP a A\n# TYPE a gauge\n# EOF'],
    ] as const)
      expect(() => parseOpenMetrics(good.replace(from, to)), to).toThrow()
  })
})
