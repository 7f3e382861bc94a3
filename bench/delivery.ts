import { once } from 'node:events'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startLocalStack } from '../scripts/stack/local-stack.ts'
import { waitFor } from '../test/support/time/wait-for.ts'
import type { Measurement } from './run.ts'

const targets = 10
const checks = 3
/** The default. */
const intervalSeconds = 30

/**
 * From the deciding check (the third failed one) to the delivered webhook, through a real Prometheus and a real Alertmanager
 * with the shipped timers. The targets begin to fail one after the other, so that they meet the timers at different moments.
 */
export async function deliveryBenchmark(): Promise<Measurement[]> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-bench-'))
  const failing = new Map<string, number>()
  const decided = new Map<string, number>()
  const delivered = new Map<string, number>()
  const server = createServer((request, response) => {
    const [, what = '', name = ''] = (request.url ?? '').split('/')
    if (what === 'hook') {
      let body = ''
      request
        .on('data', (chunk: Buffer) => (body += chunk.toString()))
        .on('end', () => {
          const { status, groupLabels } = JSON.parse(body) as {
            status: string
            groupLabels: { target: string }
          }
          if (status === 'firing') delivered.set(groupLabels.target, performance.now())
          response.end()
        })
      return
    }
    const failures = failing.get(name)
    if (failures === undefined) {
      response.end()
      return
    }
    failing.set(name, failures + 1)
    if (failures + 1 === checks) decided.set(name, performance.now())
    response.writeHead(500).end()
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const names = Array.from({ length: targets }, (_, index) => `t${index}`)
  const configFile = join(folder, 'targets.yml')
  const notifyFile = join(folder, 'notify.yml')
  await writeFile(
    configFile,
    `defaults: { interval: ${intervalSeconds}s, alert_after: ${checks} }\ntargets:\n${names
      .map((name) => `  - { name: ${name}, url: "${url}/target/${name}" }\n`)
      .join('')}`,
  )
  await writeFile(
    notifyFile,
    `channels: { hook: { type: webhook, url: "${url}/hook", via: probity } }\nroutes: [{ match: { alertname: TargetDown }, channels: hook }]\n`,
  )
  process.env['PROBITY_NOTIFY_FILE'] = notifyFile
  const stack = await startLocalStack({ folder, configFile })
  try {
    await waitFor('every target is up', () => upTargets(stack.url.prometheus, targets), 120_000)
    for (const name of names) {
      failing.set(name, 0)
      await new Promise((resolve) => setTimeout(resolve, 3700))
    }
    await waitFor('every alert is delivered', () => delivered.size === targets, 300_000)
  } finally {
    await stack.stop()
    server.closeAllConnections()
    server.close()
    await rm(folder, { recursive: true })
  }
  const seconds = names
    .map((name) => ((delivered.get(name) ?? NaN) - (decided.get(name) ?? NaN)) / 1000)
    .sort((a, b) => a - b)
  const measured = (what: string, value = NaN) => ({
    what: `from the deciding check to the delivered webhook, ${targets} alerts, ${what}`,
    value,
    unit: 's',
  })
  return [measured('median', seconds[targets >> 1]), measured('slowest', seconds.at(-1))]
}

async function upTargets(prometheus: string, wanted: number): Promise<boolean> {
  const response = await fetch(`${prometheus}/api/v1/query?query=sum(probe_success)`)
  const { data } = (await response.json()) as { data: { result: { value: [number, string] }[] } }
  return Number(data.result[0]?.value[1] ?? 0) >= wanted
}
