import { createServer, type Server } from 'node:http'
import { once } from 'node:events'
import { readdir, writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startProgram, type Program } from '../../scripts/stack/process.ts'
import { openEmbedded } from '../../src/history/embedded/embedded.ts'
import { rollUp } from '../../src/history/roll-up.ts'
import { withDatabase } from '../support/embedded.ts'
import { partOf } from '../support/proof.ts'
import { probity } from '../support/programs/probity.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

const targets = 8
const interval = 0.5

/** The real program with its built-in database. */
describe('the history of probity solo', () => {
  let folder: string
  let peer: Server
  const running = new Set<Program>()

  beforeEach(async () => {
    folder = await tempFolder()
    await withDatabase(join(folder, 'data'))
    peer = createServer((_, response) => response.end('ok')).listen(0, '127.0.0.1')
    await once(peer, 'listening')
    const { port } = peer.address() as AddressInfo
    const names = Array.from({ length: targets }, (_, index) => `target-${index}`)
    const list = names.map(
      (name) => `  - { name: ${name}, url: "http://127.0.0.1:${port}/${name}", labels: { vendor: shop } }\n`,
    )
    await writeFile(
      join(folder, 'targets.yml'),
      `vendors: { shop: { sla: 99% } }\ndefaults: { interval: ${interval * 1000}ms, timeout: 400ms }\ntargets:\n${list.join('')}  - { name: calls, calls: { host: ^pay$ }, labels: { vendor: bank } }\n`,
    )
  })

  afterEach(async () => {
    for (const program of running) await program.stop('SIGKILL')
    running.clear()
    peer.close()
    peer.closeAllConnections()
  })

  function run(...args: string[]): Program {
    const program = startProgram('probity', process.execPath, [...probity, ...args], {
      env: { PATH: process.env.PATH },
      cwd: folder,
    })
    running.add(program)
    return program
  }

  const where = ['--web.listen-address', '127.0.0.1:0', '--calls.listen-address', '127.0.0.1:0']

  async function start(): Promise<{ program: Program; url: string }> {
    const program = run('solo', '--config.file', 'targets.yml', ...where)
    const url = await waitFor('address it listens on', () => /"url":"([^"]+)"/.exec(program.output())?.[1])
    return { program, url }
  }

  async function report(...flags: string[]): Promise<{ code: number | null; output: string }> {
    const program = run('report', '--config.file', 'targets.yml', ...flags)
    return { code: await program.exited, output: program.output() }
  }

  async function metric(url: string, name: string): Promise<number> {
    const text = await (await fetch(`${url}/metrics`)).text()
    return Number(new RegExp(`^${name} (.*)$`, 'm').exec(text)?.[1])
  }

  const written = (url: string): Promise<number> => metric(url, 'probity_history_rows_written_total')

  it('is reported beside it and after it, and belongs to one process', async () => {
    const { program, url } = await start()
    await waitFor('rows are stored', async () => (await written(url)) > targets)
    const body = '2\tGET\thttp://pay/\t140\t200\n'.repeat(30) + '2\tGET\thttp://pay/\t140\t500\n'.repeat(10)
    await fetch(`${url}/api/v1/calls`, { method: 'POST', body })

    const second = run('solo', '--config.file', 'targets.yml', ...where)
    expect(await second.exited).toBe(1)
    expect(second.output()).toBe(
      `${join('data', 'history')} is in use by another Probity process: stop it, or give this one its own folder\n`,
    )

    const beside = await report('--vendor', 'shop')
    expect(beside).toMatchObject({ code: 0, output: expect.stringMatching(/^availability +\d+\.\d{4} %/m) })
    const mistaken = await report('--month', '2026-1')
    expect(mistaken).toEqual({
      code: 1,
      output: '"2026-1" is not a valid month: expected one such as 2026-10\n',
    })

    await program.stop('SIGTERM')
    expect(await program.exited).toBe(0)
    const after = await report('--format', 'json')
    const { vendors } = JSON.parse(after.output.slice(after.output.indexOf('{'))) as {
      vendors: { vendor: string }[]
    }
    expect(vendors.find(({ vendor }) => vendor === 'bank')).toMatchObject({
      calls: { calls: 40, errors: 10, errorRatio: 0.25, endpoints: [{ target: 'calls' }] },
    })
    expect(await readdir(join(folder, 'data/history'))).not.toContain('url')
  })

  it('has every acknowledged row once, wherever the process was killed', async () => {
    let acknowledged = 0
    for (let kill = 0; kill < partOf(6, 6); kill++) {
      const { program, url } = await start()
      const before = await waitFor('rows are stored', async () => (await written(url)) > 0 && written(url))
      acknowledged += await waitFor('more are', async () => {
        const now = await written(url)
        return now > before + targets * (kill + 1) && now
      })
      await program.stop('SIGKILL')
    }
    const { program, url } = await start()
    acknowledged += await waitFor('rows are stored', async () => (await written(url)) > 0 && written(url))
    await program.stop('SIGTERM')
    const sql = await openEmbedded(join(folder, 'data/history'))
    await rollUp(sql)
    const [found] = await sql.query<{ rows: number; counted: number }>(
      `select (select count(*)::integer from probity.probe_results) as rows,
         (select sum(checks)::integer from probity.hourly) as counted`,
    )
    await sql.close()
    expect(found!.counted).toBe(found!.rows)
    expect(found!.rows).toBeGreaterThanOrEqual(acknowledged)
  })
})
