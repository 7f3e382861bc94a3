import { spawnSync } from 'node:child_process'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tempFolder } from '../temp-folder.ts'
import { startDaemon } from './daemon.ts'
import { freePort } from './free-port.ts'

/** What `startSshd` needs. */
export const sshdTools = ['/usr/sbin/sshd', 'ssh-keygen'] as const

/**
 * Starts OpenSSH on a free port of 127.0.0.1. It ends with the tests of the file.
 *
 * @param settings Lines of its configuration.
 * @returns The port.
 */
export async function startSshd(settings: readonly string[] = []): Promise<number> {
  const folder = await tempFolder()
  const key = join(folder, 'key')
  spawnSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', key])
  const port = await freePort()
  const lines = [`Port ${port}`, 'ListenAddress 127.0.0.1', `HostKey ${key}`, 'PidFile none', ...settings]
  writeFileSync(join(folder, 'config'), `${lines.join('\n')}\n`)
  // Where it runs as root, sshd wants this folder, whether it uses it or not.
  if (process.getuid?.() === 0) mkdirSync('/run/sshd', { recursive: true })
  await startDaemon('/usr/sbin/sshd', ['-D', '-e', '-f', join(folder, 'config')], port)
  return port
}
