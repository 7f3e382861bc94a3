import { isIP } from 'node:net'
import { Router, type Request, type Response } from 'express'
import ipaddr from 'ipaddr.js'
import type { Collector, ReceivedCall } from './collector.ts'
import { atMost } from './in-flight.ts'
import { suggestCalls } from './suggest.ts'

/** One line of the answer: a call, as JSON. */
export interface TailedCall {
  readonly method: string
  readonly host: string
  readonly path: string
  readonly operation: string
  readonly milliseconds: number
  readonly status?: number
  readonly caller: string
  readonly version: string
  readonly error: string
  /** Whose it is; absent where no target has asked for it. */
  readonly target?: string
  readonly outcome?: string
  /** What would match it, where nothing does. */
  readonly suggestion?: string
}

/** What is served of the calls as they come. */
export interface Tail {
  readonly route: Router
  /** Ends every answer that still goes on. */
  readonly stop: () => void
}

/** Places for readers: each costs time with every call, and memory where it is slow. */
const maxReaders = 32

/** Bytes that may wait for a reader who is too slow; calls beyond that are left out of the answer. */
const maxWaiting = 1024 * 1024

/**
 * `GET /api/v1/calls/tail`: every call as it arrives, one JSON object per line, until the asker goes away. It answers only
 * programs of this machine, because it shows paths, which /metrics never does.
 */
export function tailRoute(collector: Collector): Tail {
  const open = new Set<Response>()
  const few = atMost(maxReaders, (response, words) => response.type('text').send(`${words}\n`))
  const route = Router().get('/api/v1/calls/tail', few, (request, response) => {
    if (!isFromHere(request)) {
      response.status(403).type('text').send('calls are shown only to programs on this machine\n')
      return
    }
    response.type('application/x-ndjson')
    response.flushHeaders()
    open.add(response)
    const stop = collector.onCall((received) => {
      if (response.writableLength < maxWaiting) response.write(`${JSON.stringify(tailed(received))}\n`)
    })
    response.on('close', () => {
      stop()
      open.delete(response)
    })
  })
  return {
    route,
    stop() {
      for (const response of open) response.end()
    },
  }
}

/** The name that was asked for, too: a page of somebody else may have a name that leads here. */
function isFromHere(request: Request): boolean {
  return (
    isLoopback(request.socket.remoteAddress ?? '') && isLoopback(request.hostname.replace(/^\[|\]$/g, ''))
  )
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || (isIP(host) !== 0 && ipaddr.process(host).range() === 'loopback')
}

function tailed({ call, target, outcome }: ReceivedCall): TailedCall {
  const { method, host, path, operation, durationSeconds, status, caller, version, error } = call
  return {
    method,
    host,
    path: path.slice(0, 2048),
    operation,
    milliseconds: durationSeconds * 1000,
    ...(status !== undefined && { status }),
    caller,
    version,
    error,
    ...(target ? { target: target.name, ...(outcome && { outcome }) } : { suggestion: suggestCalls(call) }),
  }
}
