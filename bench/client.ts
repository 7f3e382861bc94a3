import { execFile } from 'node:child_process'
import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { decodeDatagram } from 'probity-client/wire'
import type { Measurement } from './run.ts'

const run = promisify(execFile)
const runs = 5
const variants = ['none', 'probity', 'opentelemetry'] as const
type Variant = (typeof variants)[number]

/** What a program measures of itself, in microseconds: see client-program.ts. */
export type Figures = Readonly<Record<string, number>>

/**
 * What the client costs the program that uses it, compared with no monitoring and with OpenTelemetry. Each variant runs
 * in its own processes, in turns, against one server and one collector that only throws away what arrives.
 */
export async function clientBenchmark(): Promise<Measurement[]> {
  const server = createServer((_request, response) => response.end('{"ok":true}')).listen(0, '127.0.0.1')
  const collector = createSocket('udp4').bind(0, '127.0.0.1')
  await Promise.all([once(server, 'listening'), once(collector, 'listening')])
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/charges?limit=1`
  const env = { ...process.env, PROBITY_CALLS_ADDRESS: `127.0.0.1:${collector.address().port}` }
  const program = async (variant: Variant): Promise<Figures> => {
    const args = ['--import', 'tsx', join(import.meta.dirname, 'client-program.ts'), variant, url]
    const { stdout } = await run(process.execPath, args, { env })
    return JSON.parse(stdout) as Figures
  }
  const figures: Record<Variant, Figures[]> = { none: [], probity: [], opentelemetry: [] }
  try {
    for (let i = 0; i < runs; i++) for (const each of variants) figures[each].push(await program(each))
  } finally {
    server.close()
    server.closeAllConnections()
    collector.close()
  }
  const of = (variant: Variant, name: string): number =>
    median(figures[variant].map((run) => run[name] ?? NaN))
  const names = Object.keys(figures.none[0] ?? {})
  return [
    ...names.flatMap((name) =>
      variants.map((variant) => ({ what: `${name}, ${variant}`, value: of(variant, name), unit: 'us' })),
    ),
    ...names.flatMap((name) => {
      const added = (variant: Variant): number => of(variant, name) - of('none', name)
      return [
        { what: `${name}, added by probity`, value: added('probity'), unit: 'us' },
        { what: `${name}, added by opentelemetry`, value: added('opentelemetry'), unit: 'us' },
      ]
    }),
    ...decoding(),
  ]
}

function median(values: number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? NaN
}

/** How fast one core reads datagrams of one line, as the collector will. */
function decoding(): Measurement[] {
  const lines = {
    'version 0': '0\tPOST\tapi.stripe.com\t/v1/charges?key=secret\t12\n',
    'version 1': '1\tPOST\thttps://api.stripe.com/v1/charges?key=secret\t14.2693\n',
    'version 2': '2\tPOST\thttps://api.stripe.com/v1/charges\t14.269\t200\t\tshop\t1.2.3\t\n',
  }
  return Object.entries(lines).map(([what, line]) => {
    const datagram = Buffer.from(line)
    const perSecond = Array.from({ length: runs }, () => {
      const count = 200_000
      const before = performance.now()
      for (let i = 0; i < count; i++) decodeDatagram(datagram)
      return count / (performance.now() - before)
    })
    return {
      what: `datagrams of one line of ${what} decoded in a second`,
      value: median(perSecond),
      unit: 'thousand',
    }
  })
}
