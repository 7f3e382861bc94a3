import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { readFile, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startProgram, type Program } from '../../scripts/stack/process.ts'
import { withDatabase } from '../support/embedded.ts'
import { partOf } from '../support/proof.ts'
import { probity } from '../support/programs/probity.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

const interval = 0.4

/** The real program, killed at moments of chance. */
describe('probity solo', () => {
  let folder: string
  let shop: Server
  let status: number
  let asked: number
  let program: Program | undefined

  beforeEach(async () => {
    folder = await tempFolder()
    await withDatabase(join(folder, 'data'))
    status = 200
    asked = 0
    shop = createServer((_request, response) => {
      asked++
      response.writeHead(status).end()
    }).listen(0, '127.0.0.1')
    await once(shop, 'listening')
    const { port } = shop.address() as AddressInfo
    await writeFile(
      join(folder, 'targets.yml'),
      `targets:\n  - { name: shop, url: "http://127.0.0.1:${port}/", interval: ${interval * 1000}ms, alert_after: 3, expect: { max_error_rate: off } }\n`,
    )
    await writeFile(
      join(folder, 'notify.yml'),
      `channels:\n  told: { type: command, command: [sh, -c, 'echo "$PROBITY_STATUS" >> ${join(folder, 'told')}'] }\nroutes:\n  - { channels: [told], repeat: once }\n`,
    )
  })

  afterEach(async () => {
    await program?.stop('SIGKILL')
    shop.close()
    shop.closeAllConnections()
  })

  async function start(): Promise<string> {
    const flags = ['--config.file', 'targets.yml', '--notify.file', 'notify.yml', '--storage.path', 'data']
    const where = ['--web.listen-address', '127.0.0.1:0', '--calls.listen-address', '127.0.0.1:0']
    const started = startProgram('solo', process.execPath, [...probity, 'solo', ...flags, ...where], {
      env: { PATH: process.env.PATH },
      cwd: folder,
    })
    program = started
    return waitFor('address it listens on', () => /"url":"([^"]+)"/.exec(started.output())?.[1])
  }

  async function lines(file: string): Promise<string[]> {
    const text = await readFile(join(folder, file), 'utf8').catch(() => '')
    return text.split('\n').filter((line) => line !== '')
  }

  const logged = async (): Promise<string[]> =>
    (await lines('data/alerts.log')).map((line) => {
      const { status: is, alertname } = JSON.parse(line) as { status: string; alertname: string }
      return `${alertname} ${is}`
    })

  it('shows live results, alerts after exactly alert_after failures, and tells of the recovery', async () => {
    const url = await start()
    await waitFor('a live result on the page', async () =>
      (await (await fetch(url)).text()).includes('class="state up"'),
    )
    status = 503
    const before = asked
    await waitFor('the alert', async () => (await logged()).includes('TargetDown firing'))
    // A check may have been under way when it began to fail, and one may have been made since.
    expect(asked - before).toBeGreaterThanOrEqual(3)
    expect(asked - before).toBeLessThanOrEqual(4)
    status = 200
    await waitFor('the recovery', async () => (await lines('told')).length === 2)
    expect(await logged()).toEqual(['TargetDown firing', 'TargetDown resolved'])
    expect(await lines('told')).toEqual(['firing', 'resolved'])
    const ended = program!.stop('SIGTERM')
    await ended
    expect(await program!.exited).toBe(0)
  })

  it('neither repeats "down" nor loses the recovery, wherever it is killed', async () => {
    await start()
    await waitFor('a good check', () => asked > 0)
    status = 503
    const kills = partOf(20, 7)
    let seed = 42
    for (let kill = 0; kill < kills; kill++) {
      seed = (seed * 48_271) % 2_147_483_647
      const moment = (seed / 2_147_483_647) * 6 * interval * 1000
      await new Promise((resolve) => setTimeout(resolve, moment))
      await program!.stop('SIGKILL')
      await start()
    }
    await waitFor('the alert', async () => (await lines('told')).length > 0)
    expect(await logged()).toEqual(['TargetDown firing'])
    await program!.stop('SIGKILL')
    status = 200
    await start()
    await waitFor('the recovery', async () => (await logged()).length > 1)
    await waitFor('the recovery by the channel', async () => (await lines('told')).includes('resolved'))
    expect(await logged()).toEqual(['TargetDown firing', 'TargetDown resolved'])
    expect((await lines('told')).at(-1)).toBe('resolved')
    // What was being delivered at the moment of a kill may have arrived: each kill doubles at most that.
    expect((await lines('told')).length).toBeLessThanOrEqual(2 + kills + 1)
  })
})
