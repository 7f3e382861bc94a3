import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { systemdSocket } from '../../src/lib/http/systemd-socket.ts'
import { root } from '../../scripts/stack/shipped-files.ts'
import { atEnd } from '../support/at-end.ts'
import { tempFolder } from '../support/temp-folder.ts'

describe('--web.systemd-socket', () => {
  // Solo listens as the exporter does.
  it.each(['exporter', 'notifier'])(
    'makes %s answer those who wait in the socket of systemd',
    async (name) => {
      const folder = await tempFolder()
      await writeFile(join(folder, 'targets.yml'), 'targets: []\n')
      const socket = createServer().listen(0, '127.0.0.1')
      await once(socket, 'listening')
      const { port } = socket.address() as AddressInfo
      // What a child can be given of a server is not in the types of Node.js.
      const { fd } = (socket as unknown as { _handle: { fd: number } })._handle
      const flags = {
        exporter: ['--config.file=targets.yml', '--calls.listen-address=127.0.0.1:0'],
        notifier: ['--alerts.log-file=alerts.log', '--web.bearer-token-file=token'],
      }[name]
      const program = [join(root, 'bin/probity.cjs'), name, '--web.systemd-socket', ...(flags ?? [])]
      // As systemd does: it knows the ID of a process only when that runs.
      const child = spawn('sh', ['-c', 'LISTEN_PID=$$ exec "$@"', 'sh', process.execPath, ...program], {
        cwd: folder,
        env: { ...process.env, LISTEN_FDS: '1' },
        stdio: ['ignore', 'pipe', 'pipe', fd],
      })
      let output = ''
      for (const stream of [child.stdout, child.stderr])
        stream?.on('data', (text: Buffer) => (output += text.toString()))
      atEnd(async () => {
        if (child.exitCode !== null) return
        child.kill()
        await once(child, 'exit')
      })
      await once(child, 'spawn')
      socket.close()
      const ended = once(child, 'exit').then(() => {
        throw new Error(`it ended:\n${output}`)
      })
      const answer = fetch(`http://127.0.0.1:${port}/-/ready`)
      expect(await (await Promise.race([answer, ended])).text()).toBe('Probity is Ready.\n')
      expect(output).toContain(`url=http://127.0.0.1:${port}`)
      expect(output).toContain('everybody who can reach the socket of systemd may use it')
      child.kill()
      await ended.catch(() => undefined)
      expect(child.exitCode).toBe(0)
    },
  )

  it('takes the only socket that is passed to this process', () => {
    expect(systemdSocket({ LISTEN_PID: '7', LISTEN_FDS: '1' }, 7)).toEqual({ host: '', port: 0, fd: 3 })
  })

  it.each([
    [{}, 'has not passed a socket to this process'],
    [{ LISTEN_PID: '8', LISTEN_FDS: '1' }, 'has not passed a socket to this process'],
    [{ LISTEN_PID: '7', LISTEN_FDS: '0' }, 'has not passed a socket to this process'],
    [{ LISTEN_PID: '7', LISTEN_FDS: '2' }, 'has passed 2 sockets: expected one'],
  ])('refuses %j', (env, words) => {
    expect(() => systemdSocket(env, 7)).toThrow(words)
  })
})
