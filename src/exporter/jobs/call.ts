import type { IncomingMessage } from 'node:http'
import type { Request, Response } from 'express'
import type { HeartbeatEvent } from '../../checks/heartbeat/state.ts'
import type { Target } from '../../config/target/target.ts'
import { createCounts } from '../../lib/counts.ts'
import { boundedOutput } from '../../lib/io/bounded-output.ts'
import { redact } from '../../lib/text/redact.ts'
import { cut, oneLine } from '../../lib/text/text.ts'
import type { ExporterContext } from '../context.ts'

/** Bytes of a body that are read: a job may send its log along. */
const maxBodyBytes = 1024 * 1024

/** Bytes of it that are kept, from its beginning and its end. */
const keptBytes = 1024

/** Calls that a job may make in ten seconds. */
const maxCalls = 60
const windowMs = 10_000

/** An answer in one line. */
export type Answer = (status: number, line: string) => void

/** Takes what the job of a target reports, whose caller may do so. @param word What stands after its name in the path. */
export type TakeCall = (request: Request, response: Response, target: Target, word: string) => Promise<void>

/** Makes what all routes that jobs call have in common. The limit of calls counts for all of them together. */
export function createTakeCall({
  heartbeats,
  clock,
}: Pick<ExporterContext, 'heartbeats' | 'clock'>): TakeCall {
  const calls = createCounts(clock, { max: maxCalls, windowMs })
  return async (request, response, { name, secrets }, word) => {
    const answer = answerOf(response)
    if (calls.wait(name) > 0) {
      response.set('Retry-After', String(windowMs / 1000))
      answer(429, `more than ${maxCalls} calls in ${windowMs / 1000} s: call once per run`)
      return
    }
    calls.count(name)
    const body = await readBody(request).catch(() => null)
    // The caller has gone: nobody reads an answer, and what it wanted to report is not known.
    if (body === null) return
    if (body === undefined) {
      response.set('Connection', 'close')
      answer(413, `the body must not exceed ${maxBodyBytes / 1024} KiB, and the call was not counted`)
      return
    }
    const event = readEvent(word, cut(redact(oneLine(body), secrets), keptBytes))
    if (event === undefined) {
      answer(404, 'expected /start, /fail, /log or an exit code from 0 to 255 after the name, or nothing')
      return
    }
    await heartbeats.report(name, event)
    answer(200, `${event.type} of ${quote(name)} recorded`)
  }
}

/** Answers in one line that nobody may keep. */
export function answerOf(response: Response): Answer {
  response.type('text').set('Cache-Control', 'no-store')
  return (status, line) => {
    response.status(status).send(`${line}\n`)
  }
}

/** Whether the method is one of those that are allowed; if not, that is answered. */
export function allows(methods: readonly string[], request: Request, response: Response): boolean {
  if (methods.includes(request.method)) return true
  response.set('Allow', methods.join(', '))
  answerOf(response)(
    405,
    `only ${methods.slice(0, -1).join(', ')} and ${methods.at(-1) ?? ''} are allowed here`,
  )
  return false
}

/** A part of the path; empty where it is absent. */
export function part({ params }: Request, key: string): string {
  const text = params[key]
  return typeof text === 'string' ? text : ''
}

/** A name as it was asked for. */
export function quote(name: string): string {
  return JSON.stringify(oneLine(cut(name, 200)))
}

/** Undefined where the word says nothing. */
export function readEvent(word: string, message: string): HeartbeatEvent | undefined {
  if (word === '') return { type: 'success', message }
  if (word === 'start' || word === 'log') return { type: word, message }
  if (word === 'fail') return { type: 'fail', message }
  if (!/^\d{1,3}$/.test(word)) return undefined
  const exitCode = Number(word)
  if (exitCode > 255) return undefined
  return exitCode === 0 ? { type: 'success', message } : { type: 'fail', exitCode, message }
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
