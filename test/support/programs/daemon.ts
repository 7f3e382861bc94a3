import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect } from 'node:net'
import { atEnd } from '../at-end.ts'
import { waitFor } from '../time/wait-for.ts'

/**
 * Starts a program that listens on a port of 127.0.0.1, and waits until it does. It ends with the tests of the file.
 *
 * @returns What ends it before.
 */
export async function startDaemon(
  program: string,
  args: readonly string[],
  port: number,
): Promise<() => Promise<void>> {
  const child = spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => (output = (output + chunk.toString()).slice(-4000)))
  const stop = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }
  atEnd(stop)
  await waitFor(`${program} listens`, async () => {
    if (child.exitCode !== null) throw new Error(output)
    const socket = connect(port, '127.0.0.1')
    try {
      await once(socket, 'connect')
      return true
    } finally {
      socket.destroy()
    }
  })
  return stop
}
