import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo, type Socket } from 'node:net'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { startProgram, type Program } from '../../scripts/stack/process.ts'
import { withDatabase } from '../support/embedded.ts'
import { probity } from '../support/programs/probity.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

let folder: string
let program: Program | undefined
let peer: Server
let asked: number
let held: Socket[]

beforeEach(async () => {
  folder = await tempFolder()
  asked = 0
  held = []
  peer = createServer((_request, response) => {
    asked++
    setTimeout(() => response.end('ok'), 100)
  }).listen(0, '127.0.0.1')
  await once(peer, 'listening')
  const { port } = peer.address() as AddressInfo
  const targets = Array.from({ length: 60 }, (_, n) => `{ name: t${n}, url: "http://127.0.0.1:${port}/" }`)
  const defaults = '{ interval: 5s, timeout: 4s, alert_after: 1000 }'
  await writeFile(join(folder, 'targets.yml'), `defaults: ${defaults}\ntargets: [${targets.join(', ')}]\n`)
  await writeFile(join(folder, 'notify.yml'), 'channels: {}\nroutes: []\n')
})

afterEach(async () => {
  for (const socket of held) socket.destroy()
  await program?.stop('SIGKILL')
  peer.closeAllConnections()
  peer.close()
})

function start(files: number, name: string, flags: readonly string[]): Program {
  const command = [process.execPath, ...probity, name, ...flags]
  const listen = ['--web.listen-address', '127.0.0.1:0']
  const args = ['-c', `ulimit -n ${files}; exec "$@"`, 'sh', ...command, ...listen]
  program = startProgram(name, 'sh', args, { env: { PATH: process.env.PATH }, cwd: folder })
  return program
}

const config = ['--config.file', 'targets.yml', '--calls.listen-address', '127.0.0.1:0']

describe.each([
  { name: 'solo', flags: config },
  { name: 'exporter', flags: config },
  { name: 'notifier', flags: [] },
])('$name with too few files', ({ name, flags }) => {
  it.each([24, 64, 255])('(%i) says what it needs', async (files) => {
    const started = start(files, name, flags)
    expect(await started.exited).toBe(1)
    expect(started.output().trim().split('\n')).toHaveLength(1)
    expect(started.output()).toContain('raise the limit with "ulimit -n 65536"')
  })
})

it('with few files, fewer probes are made at once, and neither probes nor clients end the process', async () => {
  await withDatabase(join(folder, 'data'))
  const started = start(256, 'solo', [...config, '--storage.path', 'data', '--log.format', 'json'])
  const url = await waitFor('solo', () => /"url":"([^"]+)"/.exec(started.output())?.[1], 60_000)
  const { port } = new URL(url)
  await waitFor('a round of checks', () => asked >= 60, 60_000)
  // More clients than there are files: those that get no place are turned away.
  held = Array.from({ length: 400 }, () => connect(Number(port), '127.0.0.1').on('error', () => undefined))
  await waitFor(
    'clients that are turned away',
    () => held.filter(({ closed }) => closed).length > 200,
    60_000,
  )
  const before = asked
  await waitFor('further checks', () => asked >= before + 60, 60_000)
  for (const socket of held) socket.destroy()
  const metrics = await waitFor('the metrics', () =>
    fetch(`${url}/metrics`).then(
      (response) => response.text(),
      () => undefined,
    ),
  )
  expect(metrics).toContain('probity_probes_total{kind="http",outcome="success"}')
  expect(metrics).not.toMatch(/^probity_probes_total.*outcome="failure".* [1-9]/m)
  await started.stop()
  expect(await started.exited).toBe(0)
  expect(started.output()).not.toContain('EMFILE')
})
