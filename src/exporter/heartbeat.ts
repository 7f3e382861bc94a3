import type { IncomingMessage } from 'node:http'
import { Router, type Request, type Response } from 'express'
import { didYouMean } from '../settings/values/closest.ts'
import { listedTargets, type Config } from '../config/config.ts'
import type { HeartbeatCheck } from '../checks/heartbeat/schema.ts'
import { boundedOutput } from '../lib/io/bounded-output.ts'
import type { Clock } from '../lib/time/clock.ts'
import { bearerOf, sameSecret } from '../lib/http/bearer.ts'
import { isCrossSite } from '../lib/http/cross-site.ts'
import { redact } from '../lib/text/redact.ts'
import { cut, oneLine } from '../lib/text/text.ts'
import type { HeartbeatEvent } from '../checks/heartbeat/state.ts'
import type { ExporterContext } from './context.ts'

/** Bytes of a body that are read: a job may send its log along. */
const maxBodyBytes = 1024 * 1024

/** Bytes of it that are kept, from its beginning and its end. */
const keptBytes = 1024

/** Calls that a job may make in ten seconds. */
const maxCalls = 60
const windowMs = 10_000

/**
 * `GET` or `POST /api/v1/heartbeat/NAME`: the job of the target has succeeded. Below it `/start`, `/fail`, and the exit code of
 * the job, such as `/0`. What a `POST` carries says what happened.
 */
export function heartbeatRoute({ config, heartbeats, access, clock }: ExporterContext): Router {
  const withinLimit = callLimit(clock)

  const take = async (request: Request, response: Response): Promise<void> => {
    response.type('text').set('Cache-Control', 'no-store')
    const answer = (status: number, line: string): void => {
      response.status(status).send(`${line}\n`)
    }
    if (request.method !== 'GET' && request.method !== 'POST') {
      response.set('Allow', 'GET, POST')
      answer(405, 'only GET and POST are allowed here')
      return
    }
    const name = part(request, 'name')
    const target = config().target(name)
    if (target?.check.kind !== 'heartbeat') {
      answer(404, `there is no heartbeat ${quote(name)}${suggestion(name, config())}`)
      return
    }
    const { check, secrets } = target
    const problem = tokenProblem(request, check, access)
    if (problem !== undefined) {
      response.set('WWW-Authenticate', 'Bearer')
      answer(problem.status, problem.words)
      return
    }
    if (check.token === undefined && isCrossSite(request)) {
      answer(403, 'refused: the request comes from a page of another site, without a token')
      return
    }
    if (!withinLimit(name)) {
      response.set('Retry-After', String(windowMs / 1000))
      answer(429, `more than ${maxCalls} calls in ${windowMs / 1000} s: call once per run`)
      return
    }
    const body = await readBody(request).catch(() => null)
    // The caller has gone: nobody reads an answer, and what it wanted to report is not known.
    if (body === null) return
    if (body === undefined) {
      response.set('Connection', 'close')
      answer(413, `the body must not exceed ${maxBodyBytes / 1024} KiB, and the call was not counted`)
      return
    }
    const message = cut(redact(oneLine(body), secrets), keptBytes)
    const event = readEvent(part(request, 'event'), message)
    if (event === undefined) {
      answer(404, 'expected /start, /fail or an exit code from 0 to 255 after the name, or nothing')
      return
    }
    await heartbeats.report(name, event)
    answer(200, `${event.type} of ${quote(name)} recorded`)
  }
  return Router().all(['/api/v1/heartbeat/:name', '/api/v1/heartbeat/:name/:event'], take)
}

function part({ params }: Request, key: 'name' | 'event'): string {
  const text = params[key]
  return typeof text === 'string' ? text : ''
}

function quote(name: string): string {
  return JSON.stringify(oneLine(cut(name, 200)))
}

function suggestion(name: string, config: Config): string {
  const jobs = listedTargets(config).filter(({ check }) => check.kind === 'heartbeat')
  const names = jobs.map((target) => target.name)
  return didYouMean(name, names)
}

function readEvent(word: string, message: string): HeartbeatEvent | undefined {
  if (word === '') return { type: 'success' }
  if (word === 'start') return { type: 'start' }
  if (word === 'fail') return { type: 'fail', message }
  if (!/^\d{1,3}$/.test(word)) return undefined
  const exitCode = Number(word)
  if (exitCode > 255) return undefined
  return exitCode === 0 ? { type: 'success' } : { type: 'fail', exitCode, message }
}

/** The token of the target suffices, and so does one that may report for every job. */
function tokenProblem(
  request: Request,
  { token }: HeartbeatCheck,
  access: ExporterContext['access'],
): { readonly status: number; readonly words: string } | undefined {
  if (token === undefined) return access.refusal(request, 'heartbeat')
  const inQuery = request.query['token']
  const given =
    bearerOf(request.get('Authorization')) ??
    (typeof inQuery === 'string' && inQuery !== '' ? inQuery : undefined)
  if (given !== undefined && sameSecret(given, token)) return undefined
  // A browser sends what it is logged in with also where a page of another site leads it.
  if (!isCrossSite(request) && access.reportsForAll(request)) return undefined
  const missing = 'a token is required: send it as "Authorization: Bearer TOKEN" or ?token='
  return { status: 401, words: given === undefined ? missing : 'the token is wrong' }
}

/** Returns nothing when there is more than is read. What a client does not send in time is ended by the server's limits. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const kept = boundedOutput(keptBytes)
  for await (const chunk of request.iterator({ destroyOnReturn: false })) {
    kept.add(chunk as Buffer)
    if (kept.bytes() > maxBodyBytes) return undefined
  }
  return kept.text()
}

/** Counts calls in windows of time. Only names that are configured come here, so that there is no end of neither. */
function callLimit(clock: Clock): (name: string) => boolean {
  const windows = new Map<string, { readonly from: number; calls: number }>()
  return (name) => {
    const now = clock.monotonic()
    const known = windows.get(name)
    const current = known && now - known.from < windowMs ? known : { from: now, calls: 0 }
    windows.set(name, current)
    return ++current.calls <= maxCalls
  }
}
