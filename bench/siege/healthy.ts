import { once, setMaxListeners } from 'node:events'
import { createServer, get } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'

/** Where those come from who do not attack: limits are for each address. */
const localAddress = '127.0.0.2'

/** A server that answers every request after 10 ms. */
export async function startHealthy(): Promise<{ readonly url: string; readonly stop: () => void }> {
  const server = createServer((_request, response) => {
    setTimeout(() => response.end('ok'), 10)
  }).listen(0, '127.0.0.1', 1024)
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}

/** Targets that are probed every second, as YAML. */
export function healthyTargets(names: readonly string[], url: string): string {
  return names.map((name) => `  - { name: ${name}, url: "${url}", interval: 1s, timeout: 900ms }\n`).join('')
}

export interface Seen {
  /** Milliseconds. */
  readonly times: readonly number[]
  readonly failed: number
}

/** Does for every target, once a second and one after the other, what gives a time in milliseconds, or NaN where it fails. */
export function everySecond(
  names: readonly string[],
  measure: (name: string) => Promise<number>,
): { readonly stop: () => Promise<Seen> } {
  const stopping = new AbortController()
  const { signal } = stopping
  setMaxListeners(names.length, signal)
  const isOver = (): boolean => signal.aborted
  const times: number[] = []
  let failed = 0
  const one = async (name: string, offset: number): Promise<void> => {
    const began = performance.now() + offset
    for (let turn = 0; !isOver(); turn++) {
      const due = began + turn * 1000 - performance.now()
      await wait(Math.max(0, due), undefined, { signal }).catch(() => undefined)
      if (isOver()) return
      const time = await measure(name).catch(() => NaN)
      if (Number.isNaN(time)) failed++
      else times.push(time)
    }
  }
  const all = Promise.all(names.map((name, at) => one(name, (1000 * at) / names.length)))
  return {
    async stop() {
      stopping.abort()
      await all
      return { times, failed }
    },
  }
}

/** Asks as somebody else than the attackers, over a new connection. */
export function ask(url: string, timeoutMs = 30_000): Promise<string> {
  return new Promise((resolve, reject) => {
    const request = get(url, { agent: false, localAddress }, (response) => {
      response
        .setEncoding('utf8')
        .toArray()
        .then((chunks) => {
          if (response.statusCode === 200) resolve(chunks.join(''))
          else reject(new Error(`${url} answered ${String(response.statusCode)}: ${chunks.join('')}`))
        }, reject)
    })
    const timer = setTimeout(() => {
      request.destroy(new Error(`${url} did not answer within ${timeoutMs} ms`))
    }, timeoutMs)
    request.on('error', reject).once('close', () => {
      clearTimeout(timer)
    })
  })
}

/** What a scrape of Prometheus takes. */
export async function probeOnce(exporter: string, name: string): Promise<number> {
  const began = performance.now()
  const text = await ask(`${exporter}/probe?target=${name}`)
  return /^probe_success\S* 1$/m.test(text) ? performance.now() - began : NaN
}

export function percentile(times: readonly number[], share: number): number {
  return times.toSorted((a, b) => a - b)[Math.ceil(times.length * share) - 1] ?? NaN
}
