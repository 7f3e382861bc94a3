import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { startExporter } from '../../../src/app/exporter/exporter.ts'
import { atEnd } from '../../support/at-end.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { testClock } from '../../support/time/clock.ts'

it('answers 503 for a probe that it cannot begin in time, and its target has not failed', async () => {
  const configFile = join(await tempFolder(), 'targets.yml')
  await writeFile(configFile, 'targets: [{ name: shop, tcp: "127.0.0.1:1", interval: 1m }]')
  // Each look at this clock takes ten seconds: nothing is ever begun in time.
  const clock = testClock()
  const slow = {
    now: clock.now,
    monotonic: () => {
      clock.advance(10)
      return clock.monotonic()
    },
  }
  const observed: string[] = []
  const exporter = await startExporter(
    { configFile, listenAddress: { host: '127.0.0.1', port: 0 } },
    {
      log: pino({ level: 'silent' }),
      clock: slow,
      onObservation: ({ target }) => observed.push(target.name),
    },
  )
  atEnd(() => exporter.stop())
  for (const path of ['/probe?target=shop', '/PROBE?target=shop']) {
    const response = await fetch(exporter.url + path)
    expect(response.status).toBe(503)
    expect(await response.text()).toBe('Probity is too busy to begin this probe in time\n')
  }
  await expect(exporter.probe(exporter.config().targets[0]!)).rejects.toThrow('too busy')
  expect(observed).toEqual([])
  const metrics = await exporter.registry.metrics()
  expect(metrics).toMatch(/^probity_probes_not_begun_total 3$/m)
  expect(metrics).toMatch(/^probity_probes_in_flight 0$/m)
})
