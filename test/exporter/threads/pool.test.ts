import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import type { Check } from '../../../src/checks/index.ts'
import { ProbeThreads } from '../../../src/exporter/threads/pool.ts'
import type { Loss, Probed } from '../../../src/exporter/threads/thread.ts'
import { atEnd } from '../../support/at-end.ts'
import { checkOf } from '../../support/checks.ts'
import { startFaultServer } from '../../support/servers/fault-server.ts'
import { testClock } from '../../support/time/clock.ts'
import { waitFor } from '../../support/time/wait-for.ts'

/** Programs of threads: each says that it is alive, and does something else with what it is asked for. */
const programs = {
  hangs: 'while (true) {}',
  dies: 'throw new Error("a bug")',
  leaves: 'process.exit()',
  grows: 'const all = []; while (true) all.push(new Array(1e5).fill(all.length))',
  isSilent: '',
  isBusy: 'parentPort.postMessage(message.map(({ id }) => ({ id, notBegun: true })))',
}

const check = checkOf('tcp', { tcp: '127.0.0.1:1' })

function pool({ max = 1, program }: { max?: number; program?: string } = {}) {
  const clock = testClock()
  const lost: Loss[] = []
  const code = `
    const { parentPort } = require('node:worker_threads')
    parentPort.on('message', (message) => {
      if (Array.isArray(message)) { ${program} } else parentPort.postMessage({ cpuSeconds: 0 })
    })
    parentPort.postMessage({ cpuSeconds: 0 })`
  const threads = new ProbeThreads({
    max,
    clock,
    onLost: (loss) => lost.push(loss),
    thread: {
      patienceMs: 50,
      hungMs: 50,
      ...(program !== undefined && {
        heapMb: 16,
        start: (_name, _near, options) => new Worker(code, { ...options, eval: true }),
      }),
    },
  })
  atEnd(() => threads.end())
  /** As many probes in each of five seconds, which is what a rate is taken from. */
  const load = (perSecond: number): Promise<(Probed | undefined)[]> =>
    Promise.all(
      Array.from({ length: 5 * perSecond }, async () => {
        clock.advance(1 / perSecond)
        return threads.probe(check, 0.01)
      }),
    )
  const begin = async (): Promise<void> => {
    await load(50)
    threads.adjust()
    await waitFor('a thread', () => threads.running > 0)
  }
  return { threads, clock, lost, load, begin }
}

describe('threads that make probes', () => {
  it('begin with the load and end with it, after a while', async () => {
    const { threads, clock, load, begin } = pool({ program: programs.isSilent })
    expect(new Set(await load(10))).toEqual(new Set([undefined]))
    threads.adjust()
    await begin()
    expect(threads.running).toBe(1)
    await load(50)
    clock.advance(30)
    threads.adjust()
    expect(threads.running).toBe(1)
    clock.advance(61)
    threads.adjust()
    expect(threads.running).toBe(0)
  })

  it('are never there if there may be none', async () => {
    const { threads, load } = pool({ max: 0 })
    await load(100)
    threads.adjust()
    expect(threads.running).toBe(0)
    expect(threads.probe(check, 1)).toBeUndefined()
  })

  it('find what a probe finds, and keep the check until it is to be forgotten', async () => {
    const server = await startFaultServer()
    const { threads, begin } = pool()
    await begin()
    const http = checkOf('http', { url: server.url })
    for (let times = 0; times < 2; times++) {
      const probed = await threads.probe(http, 60)
      expect(probed?.result).toMatchObject({ success: true, http: { statusCode: 200 } })
      expect(probed?.log).toContain('answer received')
      threads.forget()
    }
    const wrong = await threads.probe(checkOf('http', { url: server.url, expect: { status: 404 } }), 60)
    expect(wrong?.result.failure).toEqual({ reason: 'status', message: 'expected 404, got 200' })
  })

  it.each<[keyof typeof programs, Loss]>([
    ['hangs', 'hung'],
    ['dies', 'died'],
    ['leaves', 'died'],
    ['grows', 'memory'],
  ])('are replaced: one that %s', async (program, loss) => {
    const { threads, lost, begin } = pool({ program: programs[program] })
    await begin()
    const probed = await threads.probe(check, program === 'grows' ? 300 : 0.01)
    expect(probed?.result.failure?.reason).toBe('internal')
    expect(probed?.result.failure?.message).toMatch(/^the thread that made this probe /)
    await waitFor('the loss', () => lost.length > 0)
    expect(lost).toEqual([loss])
    expect(threads.running).toBe(0)
    expect(threads.probe(check, 1)).toBeUndefined()
    await begin()
    expect(threads.running).toBe(1)
  })

  it('leave what they cannot be given to their caller', async () => {
    const { threads, begin } = pool({ program: programs.isSilent })
    await begin()
    const strange: Check = { ...check, startTls: (() => undefined) as never }
    expect(threads.probe(strange, 300)).toBeUndefined()
  })

  it('answer in time for one that says nothing', async () => {
    const { threads, lost, begin } = pool({ program: programs.isSilent })
    await begin()
    const probed = await threads.probe(check, 0.01)
    expect(probed?.result.failure?.message).toBe('the thread that made this probe did not answer in time')
    expect(lost).toEqual([])
  })

  it('refuse what they cannot begin in time', async () => {
    const { threads, lost, begin } = pool({ program: programs.isBusy })
    await begin()
    await expect(threads.probe(check, 300)).rejects.toThrow('Probity is too busy to begin this probe in time')
    expect(lost).toEqual([])
  })

  it('end with the process, and so do their probes', async () => {
    const { threads, begin } = pool({ program: programs.isSilent })
    await begin()
    const probed = threads.probe(check, 300)
    await threads.end()
    expect((await probed)?.result.failure?.message).toBe('the thread that made this probe was stopped')
    expect(threads.probe(check, 1)).toBeUndefined()
  })
})
