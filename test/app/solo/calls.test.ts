import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { pino } from 'pino'
import { startSolo, type Solo } from '../../../src/app/solo/solo.ts'
import { incidentsAnswer, targetAnswer } from '../../../src/web/api/shapes.ts'
import { withDatabase } from '../../support/embedded.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { testTime } from '../../support/time/timers.ts'
import { waitFor } from '../../support/time/wait-for.ts'
import { answerOf } from '../../web/api/conformance.ts'

it('one process reports calls that are too slow, in its alerts log and on its page', async () => {
  const folder = await withDatabase(await tempFolder())
  const configFile = join(folder, 'targets.yml')
  await writeFile(
    configFile,
    'targets: [{ name: pay, calls: { host: ^pay$ }, expect: { max_latency: 100ms } }]',
  )
  const { clock, timers, pass } = testTime()
  const start = (): Promise<Solo> =>
    startSolo(
      { configFile, listenAddress: { host: '127.0.0.1', port: 0 }, storagePath: folder },
      { log: pino({ level: 'silent' }), clock, timers, env: {}, stdout: { write: () => true } },
    )
  let solo = await start()
  try {
    const call = '2\tGET\thttp://pay/\t140\t200\n'
    const report = (body: string): Promise<Response> =>
      fetch(`${solo.url}/api/v1/calls`, { method: 'POST', body })
    // As in the stack, calls count from the second scrape on: the first one shows a counter that is new.
    await report(call)
    await pass(15)
    await report(call.repeat(40))
    await pass(15)
    const log = await waitFor('the alert', async () => {
      await pass(15)
      const text = await readFile(join(folder, 'alerts.log'), 'utf8')
      return text.includes('CallsSlow') && text
    })
    expect(log).toContain('100% of the calls to pay are too slow: expected at most 100ms for 95%')
    const { target } = await answerOf(`${solo.url}/api/v1/targets/pay`, targetAnswer)
    expect(target).toMatchObject({ state: 'slow', recent: { calls: 41, errors: 0, overLimit: 41 } })
    const { incidents } = await answerOf(`${solo.url}/api/v1/incidents`, incidentsAnswer)
    expect(incidents).toMatchObject([{ target: 'pay', firstFailure: { reason: 'CallsSlow' } }])
    // The alert goes on, so the page must not say that all is well.
    await solo.stop()
    solo = await start()
    await pass(1)
    const after = await answerOf(`${solo.url}/api/v1/targets/pay`, targetAnswer)
    expect(after.target).toMatchObject({ state: 'slow', since: incidents[0]?.startedAt })
    expect((await answerOf(`${solo.url}/api/v1/incidents`, incidentsAnswer)).incidents).toMatchObject([
      { startedAt: incidents[0]?.startedAt },
    ])
  } finally {
    await solo.stop()
  }
})
