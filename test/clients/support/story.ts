import { createServer } from 'node:http'
import { once } from 'node:events'
import type { AddressInfo } from 'node:net'

/** What is counted of calls: how many of each outcome, and how many took longer than the limit of 100 ms. */
export interface Counted {
  readonly ok?: number
  readonly error?: number
  readonly unknown?: number
  readonly slow?: number
}

/**
 * The calls that the test program of each language makes, by their operation; a target for each. `http` are the requests
 * that a program observes.
 */
export const story: Readonly<Record<string, Counted>> = {
  /** Two that return at once, and one after 150 ms. */
  returns: { ok: 3, slow: 1 },
  /** Errors that carry the status 402, 404 or 409. */
  answer: { ok: 3 },
  /** Errors that carry the status 429 or 503. */
  fault: { error: 2 },
  /** Three errors without a status. */
  throws: { error: 3 },
  /** An error whose class has no name, or whose methods fail where the language has no such class. */
  odd: { error: 1 },
  /** The program gave the call up. */
  aborts: { unknown: 1 },
  /** A name with a tab, a newline and bytes that are not UTF-8. */
  text: { ok: 1 },
  /** A request of a URL with a password and a key in it, one that was answered with 503, and one without an answer. */
  http: { ok: 1, error: 2 },
  /** From many threads, where the language has them. */
  parallel: { ok: 1000 },
}

/** The targets of the story, as a file. */
export const storyTargets = `
defaults: { expect: { max_latency: 100ms } }
targets:
  - { name: http, calls: { host: '^(api\\.example|127\\.0\\.0\\.1)$', path: ^/v1/charges$ } }
${Object.keys(story)
  .filter((name) => name !== 'http')
  .map((name) => `  - { name: ${name}, calls: { operation: '^${name}${name === 'text' ? '' : '$'}' } }\n`)
  .join('')}`

/** What a text in the format of Prometheus says of the calls of a caller, in the form of the story. */
export function countedIn(text: string, caller: string): Record<string, Record<string, number>> {
  const counted: Record<string, Record<string, number>> = {}
  const samples =
    /^(api_call_duration_seconds_count|api_calls_over_limit_total)\{target="(.*?)",caller="(.*?)",version="1"(?:,outcome="(\w+)")?\} (\d+)$/gm
  for (const [, , target = '', of, outcome = 'slow', count] of text.matchAll(samples)) {
    if (of !== caller || count === '0') continue
    counted[target] = { ...counted[target], [outcome]: Number(count) }
  }
  return counted
}

/** The URLs that the programs request: one answers with 503, the other does not answer. */
export async function startVendor(): Promise<{ readonly urls: readonly string[]; stop: () => void }> {
  const server = createServer((_request, response) => response.writeHead(503).end()).listen(0, '127.0.0.1')
  const closed = createServer().listen(0, '127.0.0.1')
  await Promise.all([once(server, 'listening'), once(closed, 'listening')])
  const urls = [server, closed].map(
    (one) => `http://127.0.0.1:${(one.address() as AddressInfo).port}/v1/charges?key=secret`,
  )
  closed.close()
  return { urls, stop: () => void server.close() }
}
