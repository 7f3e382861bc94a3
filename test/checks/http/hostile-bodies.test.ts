import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { JsonRule } from '../../../src/checks/http/json-rule/rule.ts'
import { createBodyJudge } from '../../../src/checks/http/body/judge.ts'
import { createBodyThreads, type BodyThreadsOptions } from '../../../src/checks/http/body/threads.ts'
import { bodyRules } from '../../../src/checks/http/body/question.ts'
import { createHttpProber } from '../../../src/checks/http/probe.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { someOf } from '../../support/proof.ts'
import { startFaultServer, type FaultServer } from '../../support/servers/fault-server.ts'
import { answer } from '../../support/servers/faults.ts'
import { httpCheck, pattern } from '../../support/http-check.ts'

const nested = (depth: number, open = '{"a":', close = '}'): string =>
  `${open.repeat(depth)}1${close.repeat(depth)}`
const listOf = (count: number, item: string): string => `[${`${item},`.repeat(count - 1)}${item}]`
const bodies = {
  '/deep': nested(900),
  '/too-deep': nested(2000),
  '/arrays': nested(900, '[', ']'),
  '/list': listOf(100_000, '{"a":1}'),
  '/wide': `{${Array.from({ length: 20_000 }, (_, i) => `"k${i}":${i}`).join(',')}}`,
  '/too-wide': listOf(3_000_000, '1'),
  '/text': 'a'.repeat(3_000_000),
  '/healthy': '{"status":"ok"}',
}

let server: FaultServer

beforeAll(async () => {
  server = await startFaultServer({
    routes: Object.fromEntries(Object.entries(bodies).map(([path, text]) => [path, answer(text)])),
  })
})

afterAll(async () => {
  await server.stop()
})

const rules = (
  json: readonly JsonRule[],
  matches: readonly string[] = [],
): Parameters<typeof httpCheck>[1] => ({
  expect: { json, body: { matches: matches.map(pattern) }, maxBody: 10 * 2 ** 20 },
})

/** A thread starts slowly where sources are run as they are, on a machine that has much to do. */
const patient = { limitMs: 600_000 }
const patientThreads = createBodyThreads(patient)

function probe(
  path: string,
  expectation: Parameters<typeof httpCheck>[1],
  { timeoutSeconds = 600, threads }: { timeoutSeconds?: number; threads?: BodyThreadsOptions } = {},
): Promise<ProbeResult> {
  const judge = threads ? createBodyThreads(threads) : patientThreads
  const http = createHttpProber({ judgeBody: createBodyJudge(judge) })
  return runProbe(httpCheck(`${server.url}${path}`, expectation), {
    timeoutSeconds,
    probers: { http: () => Promise.resolve(http) },
  })
}

describe('a hostile body', () => {
  const tooManySteps = 'but it cannot be looked up: it takes more than 10,000,000 steps'
  /** Each of them takes seconds. */
  const endless = [
    ['/deep', '$..a..a..a', tooManySteps],
    ['/arrays', '$..[::]..[::-1]..[0]', tooManySteps],
    ['/list', '$[?count($[?@.a == 2]) > 5]', tooManySteps],
  ] as const

  it.each([
    ...someOf(endless, 3),
    ['/list', '$[?@.a == 5].a', 'got nothing'],
    ['/wide', '$[?@ == 19999]', 'got another value (number)'],
    ['/too-deep', '$..a..a..a', 'got one that nests deeper than 1,000 levels'],
    ['/too-wide', '$..status', 'got one of more than 1,000,000 values'],
  ] as const)(
    '%s, asked for %s, fails with words while others are answered',
    async (path, jsonPath, words) => {
      const hostile = probe(path, rules([{ path: jsonPath, expected: { equals: '"ok"' } }]))
      const healthy = await probe('/healthy', rules([{ path: '$.status', expected: { equals: '"ok"' } }]))
      expect(healthy).toMatchObject({ success: true })
      const { failure } = await hostile
      expect(failure).toMatchObject({ reason: 'body' })
      expect(failure?.message).toContain(words)
    },
    600_000,
  )

  it('that takes longer than the check may fails it, and never passes late', async () => {
    const slow = {
      expect: { body: { matches: [pattern('(a?){40}(a?){40}(a?){40}b|a')] }, maxBody: 10 * 2 ** 20 },
    }
    const result = await probe('/text', slow, { timeoutSeconds: 0.2 })
    expect(result.success).toBe(false)
    expect(result.failure?.reason).toBe('timeout')
    // A busy machine may be in an earlier phase still.
    expect(result.failure?.message).toMatch(/^no answer within 0\.2s while /)
  })

  it('that takes longer than a thread has is given up', async () => {
    const body = rules([], ['(a?){40}(a?){40}(a?){40}b'])
    expect((await probe('/text', body, { threads: { limitMs: 1 } })).failure).toEqual({
      reason: 'body',
      message: 'the body cannot be checked: that takes longer than 0.001 s',
    })
  }, 600_000)

  it('that takes more memory than a thread has ends the thread alone', async () => {
    const body = rules([{ path: '$[*].a', expected: { equals: '2' } }])
    expect((await probe('/list', body, { threads: { ...patient, heapMb: 8 } })).failure).toEqual({
      reason: 'body',
      message: 'the body cannot be checked: that takes more than 8 MB of memory',
    })
  }, 600_000)
})

describe('threads that judge bodies', () => {
  const question = {
    contentType: 'text/plain; charset=utf-8',
    rules: bodyRules(httpCheck('http://x.example', rules([], ['^a+$'])).expect),
    captures: [{ pattern: 'a{3}' }],
  }
  const body = (): Buffer => Buffer.from(bodies['/text'])
  const never = new AbortController().signal

  it('answer one question after the other, and capture what was asked for', async () => {
    const judge = createBodyThreads({ ...patient, count: 1 })
    const small = (): Buffer => Buffer.from('a'.repeat(1000))
    const answers = await Promise.all(
      [small, small, body, small].map((make) => judge(make(), question, never)),
    )
    expect(answers).toEqual(Array(4).fill({ captured: [{ value: 'aaa' }] }))
  }, 600_000)

  it('go on after one that was given up, also for those who wait', async () => {
    const judge = createBodyThreads({ ...patient, count: 1 })
    const hopeless = new AbortController()
    const first = judge(body(), question, hopeless.signal)
    const waiting = judge(body(), question, hopeless.signal)
    const last = judge(body(), question, never)
    hopeless.abort(new Error('no time'))
    await expect(first).rejects.toThrow('no time')
    await expect(waiting).rejects.toThrow('no time')
    expect(await last).toEqual({ captured: [{ value: 'aaa' }] })
  }, 600_000)

  it('are not asked about what takes little', async () => {
    const judge = createBodyJudge(() => Promise.reject(new Error('a thread was asked')))
    expect(await judge(Buffer.from('aaaa'), question, never)).toEqual({ captured: [{ value: 'aaa' }] })
    await expect(judge(body(), question, never)).rejects.toThrow('a thread was asked')
  })
})
