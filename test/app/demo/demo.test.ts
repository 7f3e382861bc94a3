import { existsSync } from 'node:fs'
import { expect, it } from 'vitest'
import { startDemo } from '../../../src/app/demo/demo.ts'
import { askTargets, describeTargets, isDown } from '../../../src/app/running/status.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { systemClock } from '../../../src/lib/time/clock.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const quiet = { write: () => undefined }

it('is ten services that solo watches, and nothing of it stays', async () => {
  const demo = await startDemo(
    { listenAddress: { host: '127.0.0.1', port: 0 } },
    { log: createLogger({ destination: quiet }), clock: systemClock, stdout: quiet },
  )
  const { url, folder } = demo
  const targets = await waitFor('each service is checked', async () => {
    const seen = await askTargets({ url })
    return seen.length === 10 && seen.every(({ last }) => last !== undefined) && seen
  })
  // The others misbehave by their own clock.
  expect(targets.filter(isDown).map(({ name }) => name)).toContain('mail')
  expect(targets.find(({ name }) => name === 'blog')).toMatchObject({ state: 'up' })
  expect(describeTargets(targets, Date.now())).toMatch(/^down +\S.*\n[^]*10 targets, \d down\n$/)
  await demo.stop()
  expect(existsSync(folder)).toBe(false)
  await expect(askTargets({ url })).rejects.toMatchObject({ code: 'PROBITY_UNREACHABLE' })
})
