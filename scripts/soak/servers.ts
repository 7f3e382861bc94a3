import { once } from 'node:events'
import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Told } from './model.ts'

/** The ways in which a target fails. */
const failures: readonly ((response: ServerResponse) => unknown)[] = [
  (response) => response.writeHead(503).end('overloaded'),
  (response) => response.socket?.resetAndDestroy(),
  (response) => response.writeHead(200, { 'content-length': '100' }).write('cut'),
  (response) => response.socket?.end('no HTTP at all\r\n\r\n'),
  // Says nothing, until the check times out.
  () => undefined,
]

export interface Watched {
  readonly url: string
  /** Checks that arrived, by target: their number, and the longest time between two of them in milliseconds. */
  readonly checks: ReadonlyMap<string, { count: number; last: number; longest: number }>
  /** The next so many checks of the target fail. */
  readonly fail: (target: string, checks: number, how: number) => void
  /** Targets that still have checks to fail. */
  readonly failing: () => number
  /** Checks since the start. */
  readonly total: () => number
  /** Forgets the checks so far, except their total. */
  readonly reset: () => void
  readonly stop: () => void
}

/** Serves all targets, one path each. @param answered Is called for every check. */
export async function startWatched(
  answered: (target: string, good: boolean, at: number) => void,
): Promise<Watched> {
  const checks = new Map<string, { count: number; last: number; longest: number }>()
  const outages = new Map<string, { left: number; how: number }>()
  let total = 0
  const server = createServer((request, response) => {
    const target = request.url?.slice(1) ?? ''
    const at = performance.now()
    const seen = checks.get(target) ?? { count: 0, last: at, longest: 0 }
    total++
    checks.set(target, { count: seen.count + 1, last: at, longest: Math.max(seen.longest, at - seen.last) })
    const outage = outages.get(target)
    // These go up and down with every check.
    const good = target.startsWith('flapping') ? seen.count % 2 === 0 : outage === undefined
    if (outage && --outage.left <= 0) outages.delete(target)
    if (good) response.end('ok')
    else failures[outage?.how ?? 0]?.(response)
    answered(target, good, at)
  }).listen(0, '127.0.0.1', 2048)
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    checks,
    fail: (target, left, how) => outages.set(target, { left, how: how % failures.length }),
    failing: () => outages.size,
    total: () => total,
    reset: () => {
      checks.clear()
    },
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

interface Message {
  readonly alerts: readonly { status: Told['status']; labels: Readonly<Record<string, string | undefined>> }[]
}

/** Takes messages of a webhook channel. One in ten is refused, and has to come again. */
export async function startReceiver(
  random: () => number,
  take: (alertname: string, told: Told) => void,
): Promise<{ readonly url: string; readonly refused: () => number; readonly stop: () => void }> {
  let refused = 0
  const server = createServer((request, response) => {
    void request.toArray().then(
      (chunks) => {
        if (random() < 0.1) {
          refused++
          return response.writeHead(503).end()
        }
        const { alerts } = JSON.parse(Buffer.concat(chunks as Buffer[]).toString()) as Message
        for (const { status, labels } of alerts)
          take(labels.alertname ?? '', { target: labels.target ?? '', status, at: performance.now() })
        return response.end()
      },
      () => undefined,
    )
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    refused: () => refused,
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
