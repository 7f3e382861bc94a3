import { expect, it } from 'vitest'
import { pino } from 'pino'
import { startProbeThreads } from '../../src/app/probing/probe-threads.ts'
import { recordProbeLog } from '../../src/checks/log.ts'
import { createRegistry } from '../../src/metrics/registry.ts'
import { selfMetrics } from '../../src/metrics/self.ts'
import { atEnd } from '../support/at-end.ts'
import { parse } from '../support/parse-config.ts'
import { testClock } from '../support/time/clock.ts'
import { waitFor } from '../support/time/wait-for.ts'

const targets = parse(`targets:
  - { name: tcp, tcp: '127.0.0.1:1' }
  - { name: shared token, url: 'http://127.0.0.1:1', auth: { oauth2: { token_url: 'http://127.0.0.1:1', client_id: a, client_secret: b } } }
  - { name: one of its steps, steps: [{ name: one, url: 'http://127.0.0.1:1', auth: { oauth2: { token_url: 'http://127.0.0.1:1', client_id: a, client_secret: b } } }] }
  - { name: kept by the process, heartbeat: 1h }
  - { name: a program, command: 'true' }
`).targets

it('make probes that need nothing of this process, and are counted', async () => {
  const clock = testClock()
  const registry = createRegistry(selfMetrics.buildInfo)
  const threads = startProbeThreads(1, { registry, clock, log: pino({ level: 'silent' }) })
  atEnd(() => threads.end())
  const log = recordProbeLog(clock.monotonic)
  const [target] = targets
  if (!target) throw new Error('no target')
  const request = { target, timeoutSeconds: 60 }
  // Five seconds with 100 probes each: their rate asks for a thread.
  for (let count = 0; count < 500; count++) {
    clock.advance(0.01)
    expect(threads.probe(request, log)).toBeUndefined()
  }
  const result = await waitFor('a thread', () => threads.probe(request, log))
  expect(result.failure?.reason).toBe('connect')
  expect(log.lines.map(({ message }) => message)).toContain('connecting')
  expect(await registry.metrics()).toMatch(/^probity_probe_threads 1$/m)
  const others = targets.filter((each) => threads.probe({ ...request, target: each }, log) !== undefined)
  expect(others.map(({ name }) => name)).toEqual(['tcp'])
  const allowAddress = (): void => undefined
  expect(threads.probe({ ...request, allowAddress }, log)).toBeUndefined()
  // What a label leads to is guarded there as here.
  const guarded = (networks: string[]) =>
    threads.probe({ ...request, target: { ...target, guard: { allowNetworks: networks } } }, log)
  expect((await guarded([]))?.failure?.reason).toBe('blocked')
  expect((await guarded(['127.0.0.0/8']))?.failure?.reason).toBe('connect')
})
