import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createSystemdProber } from '../../../../src/checks/machine/systemd/probe.ts'
import { startHttpPeer, type Reply } from '../../../support/servers/http-peer.ts'
import { tempFolder } from '../../../support/temp-folder.ts'
import { blocksIn } from '../../support/blocks.ts'
import { json } from '../../support/servers.ts'
import type { Rows } from '../../support/try-examples.ts'
import { secretOf, type StandIn } from '../../support/try-target.ts'

const html = (body: string): Reply => ({ status: 200, headers: { 'content-type': 'text/html' }, body })

const form = `<form method="post"><label>User <input name="user"></label>
  <label>Password <input name="password" type="password"></label><button>Log in</button></form>`

export const browser: Rows = {
  'browser: shop-login': {
    async start() {
      const login = `user=probe&password=${secretOf('SHOP_PASSWORD')}`
      const { url, stop } = await startHttpPeer(({ method, body }) => {
        if (method === 'GET') return html(form)
        return html(`<h1>${body === login ? 'Your orders' : 'Wrong password'}</h1>`)
      })
      const directory = await tempFolder()
      const [script] = blocksIn('js').filter(({ text }) => text.startsWith('// browser/login.mjs'))
      await mkdir(join(directory, 'browser'))
      await writeFile(
        join(directory, 'browser/login.mjs'),
        script?.text.replace('https://shop.example.com', url) ?? '',
      )
      // A test may run as root.
      const places = { 'browser: browser/login.mjs': 'browser: browser/login.mjs\n    sandbox: false' }
      return { places, directory, fail: stop }
    },
    reason: 'connect',
    message: /net::ERR_CONNECTION_REFUSED/,
  },
}

/** The API of Docker, with one container. */
async function daemon(name: string, healthy: object, broken: object): Promise<StandIn> {
  let State = healthy
  const { url } = await startHttpPeer(({ path }) =>
    path === `/containers/${name}/json`
      ? json({ Name: `/${name}`, RestartCount: 3, State })
      : json({ message: 'no' }, 404),
  )
  const address = url.replace('http:', 'tcp:')
  const host = `docker: ${name}\n    docker_host: ${address}`
  return {
    // Where the example names no address, it means the socket of this machine.
    places: { 'tcp://docker-proxy:2375': address, 'docker: shop-migrate-1': host },
    fail: () => (State = broken),
  }
}

const running = { Status: 'running', ExitCode: 0, OOMKilled: false, Health: { Status: 'healthy', Log: [] } }

export const docker: Rows = {
  'docker: database-container': {
    start: () =>
      daemon('shop-db-1', running, {
        ...running,
        Health: { Status: 'unhealthy', Log: [{ ExitCode: 1, Output: 'the disk is full' }] },
      }),
    reason: 'status',
    message: /unhealthy.*the disk is full/,
  },
  'docker: migration-container': {
    start: () =>
      daemon(
        'shop-migrate-1',
        { ...running, Status: 'exited', Health: undefined },
        { ...running, Status: 'exited', ExitCode: 1, Health: undefined },
      ),
    reason: 'status',
    message: /exit code.*1/,
  },
}

/** A systemctl that knows one unit. */
async function systemctl(
  unit: string,
  healthy: readonly [active: string, sub: string, restarts: number],
  broken: readonly [active: string, sub: string, restarts: number],
): Promise<StandIn> {
  const folder = await tempFolder()
  const program = join(folder, 'systemctl')
  const answering = async ([active, sub, restarts]: typeof healthy): Promise<void> => {
    const lines = [
      ...['LoadState=loaded', `ActiveState=${active}`, `SubState=${sub}`, `NRestarts=${restarts}`],
      ...[`Result=${active === 'failed' ? 'exit-code' : 'success'}`, 'ExecMainStatus=0'],
    ]
    await writeFile(
      program,
      `#!/bin/sh\ncase "$*" in *' -- ${unit}') printf '${lines.join('\\n')}\\n' ;; *) exit 64 ;; esac\n`,
    )
    await chmod(program, 0o755)
  }
  await answering(healthy)
  const prober = createSystemdProber({ env: { PATH: `${folder}:${process.env['PATH'] ?? ''}` } })
  return {
    places: {},
    probers: { systemd: () => Promise.resolve(prober) },
    fail: () => answering(broken),
  }
}

export const systemd: Rows = {
  'systemd: nginx': {
    start: () => systemctl('nginx.service', ['active', 'running', 3], ['active', 'running', 4]),
    reason: 'status',
    message: /restarted 4 times/,
  },
  'systemd: backup': {
    start: () => systemctl('backup.service', ['inactive', 'dead', 0], ['failed', 'failed', 0]),
    reason: 'status',
    message: /failed/,
  },
}
