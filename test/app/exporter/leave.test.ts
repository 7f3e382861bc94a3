import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, it } from 'vitest'
import { startExporter } from '../../../src/app/exporter/exporter.ts'
import { exporterCommand } from '../../../src/commands/exporter.ts'
import { atEnd } from '../../support/at-end.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { testTime } from '../../support/time/timers.ts'

it('answers until the delay is over, and says that it is not ready', async () => {
  const configFile = join(await tempFolder(), 'targets.yml')
  await writeFile(configFile, 'targets: [{ name: shop, tcp: "127.0.0.1:1" }]')
  const { clock, timers, pass } = testTime()
  const exporter = await startExporter(
    { configFile, listenAddress: { host: '127.0.0.1', port: 0 }, shutdownDelayMs: 20_000 },
    { log: pino({ level: 'silent' }), clock, timers },
  )
  atEnd(() => exporter.stop())
  const left = exporter.leave()
  const ready = await fetch(`${exporter.url}/-/ready`)
  expect([ready.status, await ready.text()]).toEqual([503, 'Probity is stopping.\n'])
  for (const path of ['/-/healthy', '/sd', '/metrics', '/probe?target=shop'])
    expect((await fetch(exporter.url + path)).status).toBe(200)
  await pass(20)
  await left
})

it.each([
  ['20s', 20_000],
  ['0s', 0],
  ['5m', 300_000],
])('takes %s for a delay', (text, milliseconds) => {
  expect(delay().parseArg?.(text, 0)).toBe(milliseconds)
})

it.each(['20', '6m', 'soon'])('refuses %s for a delay', (text) => {
  expect(() => delay().parseArg?.(text, 0)).toThrow(
    `"${text}" is not a valid delay: expected 0s to 5m, such as 20s`,
  )
})

function delay() {
  return exporterCommand().options.find(({ long }) => long === '--web.shutdown-delay')!
}
