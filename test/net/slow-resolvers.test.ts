import { describe, expect, it } from 'vitest'
import { measureSlowResolvers } from '../../bench/slow-resolvers.ts'

const probes = 200

describe('20 targets whose names never resolve', () => {
  it('do not delay the probes of healthy ones', async () => {
    const { alone, alongside, failed } = await measureSlowResolvers(probes)
    expect([alone.length, alongside.length, failed]).toEqual([probes, probes, 0])
    // How much slower they are is for bench/slow-resolvers.ts to say; a probe that waited for a thread would time out.
    expect(Math.max(...alongside)).toBeLessThan(1)
  })

  it('would stop them with the threads that Node.js has by itself', async () => {
    const { failed } = await measureSlowResolvers(10, 4)
    expect(failed).toBe(10)
  })
})
