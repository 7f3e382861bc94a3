import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { readAccounts } from '../../../scripts/soak/accounts.ts'
import { openDurableMap } from '../../../src/lib/io/durable-map.ts'
import { tempFolder } from '../../support/temp-folder.ts'

it('counts what solo has logged, and what it had still to send', async () => {
  const folder = await tempFolder()
  const one = { alertname: 'TargetDown', target: 'target-1' }
  const others = [
    { alertname: 'TargetFlapping', target: 'target-1' },
    { alertname: 'TargetDown', target: 'flapping-1' },
  ]
  const lines = [one, one, ...others].map((line) => `${JSON.stringify(line)}\n`)
  await writeFile(join(folder, 'alerts.log'), lines.join(''))
  const map = await openDurableMap({ path: join(folder, 'notifier-state.jsonl') })
  await map.put([
    ['alert/1', { notification: one }],
    ['delivery/1', { notification: one }],
    ['delivery/2', { notification: one }],
    ...others.map((notification, index) => [`delivery/${index + 3}`, { notification }] as const),
  ])
  await map.put([['delivery/2']])
  await map.close()
  expect(readAccounts(folder)).toEqual({ logged: 2, waiting: 1 })
})
