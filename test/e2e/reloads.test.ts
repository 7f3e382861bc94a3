import { createServer } from 'node:http'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { seeded } from '../../scripts/simulate/random.ts'
import { startProgram, type Program } from '../../scripts/stack/process.ts'
import { atEnd } from '../support/at-end.ts'
import { withDatabase } from '../support/embedded.ts'
import { partOf } from '../support/proof.ts'
import { probity } from '../support/programs/probity.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

const kills = partOf(20, 10)

/** The real program, killed at moments of chance while it reads a configuration that has changed. */
describe('probity solo', () => {
  it('loses nothing wherever it is killed while it reloads', async () => {
    const folder = await tempFolder()
    await withDatabase(join(folder, 'data'))
    let status = 503
    const shop = createServer((_request, response) => response.writeHead(status).end()).listen(0, '127.0.0.1')
    await once(shop, 'listening')
    const url = `http://127.0.0.1:${(shop.address() as AddressInfo).port}/`
    atEnd(() => {
      shop.close()
      shop.closeAllConnections()
    })
    const edit = (number: number): Promise<void> =>
      writeFile(
        join(folder, 'targets.yml'),
        `defaults: { interval: 400ms, alert_after: 3, expect: { max_error_rate: off } }
targets:
  - { name: shop, url: "${url}", runbook: "https://wiki.example/${number}" }
  - { name: other-${number}, url: "${url}", alert_after: off }
`,
      )
    const lines = async (file: string): Promise<string[]> =>
      (await readFile(join(folder, file), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')
    await edit(0)
    await writeFile(
      join(folder, 'notify.yml'),
      `channels:\n  told: { type: command, command: [sh, -c, 'echo "$PROBITY_STATUS" >> ${join(folder, 'told')}'] }\nroutes:\n  - { channels: [told], repeat: once }\n`,
    )
    const start = async (): Promise<{ program: Program; page: string }> => {
      const program = startProgram(
        'solo',
        process.execPath,
        [
          ...[...probity, 'solo', '--config.file=targets.yml', '--notify.file=notify.yml'],
          ...[
            '--storage.path=data',
            '--web.listen-address=127.0.0.1:0',
            '--calls.listen-address=127.0.0.1:0',
          ],
        ],
        { env: { PATH: process.env.PATH }, cwd: folder },
      )
      atEnd(() => program.stop('SIGKILL'))
      return {
        program,
        page: await waitFor('its address', () => /"url":"([^"]+)"/.exec(program.output())?.[1]),
      }
    }
    const random = seeded(15)
    let solo = await start()
    await waitFor('the alert', async () => (await lines('told')).length > 0)
    for (let kill = 1; kill <= kills; kill++) {
      await edit(kill)
      process.kill(solo.program.pid, 'SIGHUP')
      await new Promise((resolve) => setTimeout(resolve, random() * 300))
      await solo.program.stop('SIGKILL')
      solo = await start()
    }
    await waitFor('the last edit', async () =>
      (await (await fetch(`${solo.page}/sd`)).text()).includes(`other-${kills}`),
    )
    status = 200
    await waitFor('the recovery', async () => (await lines('told')).includes('resolved'))
    // A message that was on its way when the process was killed may come twice, and never an end without its beginning.
    const told = await lines('told')
    expect(told.filter((line, index) => line !== told[index - 1])).toEqual(['firing', 'resolved'])
    expect(told.length).toBeLessThanOrEqual(2 + kills)
    const logged = (await lines('data/alerts.log')).map((line) => JSON.parse(line) as Record<string, string>)
    expect(logged.map(({ alertname, target, status: is }) => `${alertname} ${target} ${is}`)).toEqual([
      'TargetDown shop firing',
      'TargetDown shop resolved',
    ])
    await solo.program.stop()
    expect(await solo.program.exited).toBe(0)
  })
})
