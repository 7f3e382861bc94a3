import { spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { connectPacket } from '../../../src/checks/mqtt/packets.ts'
import { tempFolder } from '../temp-folder.ts'
import { startDaemon } from './daemon.ts'
import { freePort } from './free-port.ts'

/** What `startMosquitto` needs. */
export const mosquittoTools = ['/usr/sbin/mosquitto', 'mosquitto_passwd'] as const

export interface Listener {
  /** Default: everyone may connect. */
  readonly login?: { readonly user: string; readonly password: string }
  /** PEM: TLS from the beginning. */
  readonly certificate?: { readonly cert: string; readonly key: string }
}

/** Starts a broker, which ends with the tests of the file. @returns The port of each listener. */
export async function startMosquitto(listeners: readonly [Listener, ...Listener[]]): Promise<number[]> {
  const folder = await tempFolder()
  // As root, Mosquitto becomes another user, who has to read them.
  chmodSync(folder, 0o755)
  const file = (name: string, text: string): string => {
    const path = join(folder, name)
    writeFileSync(path, text)
    chmodSync(path, 0o644)
    return path
  }
  const ports: number[] = []
  const lines = ['per_listener_settings true']
  for (const [index, { login, certificate }] of listeners.entries()) {
    const port = await freePort()
    ports.push(port)
    lines.push(`listener ${port} 127.0.0.1`, `allow_anonymous ${login === undefined}`)
    if (login) {
      const passwords = file(`passwords-${index}`, `${login.user}:${login.password}\n`)
      spawnSync('mosquitto_passwd', ['-U', passwords])
      chmodSync(passwords, 0o644)
      lines.push(`password_file ${passwords}`)
    }
    if (certificate)
      lines.push(
        `certfile ${file(`cert-${index}.pem`, certificate.cert)}`,
        `keyfile ${file(`key-${index}.pem`, certificate.key)}`,
      )
  }
  await startDaemon('/usr/sbin/mosquitto', ['-c', file('config', lines.join('\n'))], ports[0]!)
  return ports
}

/** Publishes a retained message, as a client of MQTT 3.1.1. */
export async function retain(port: number, topic: string, message: string): Promise<void> {
  const socket = connect(port, '127.0.0.1')
  socket.write(connectPacket({ version: '3.1.1', clientId: 'test', username: '', password: '' }))
  await once(socket, 'data')
  const body = Buffer.concat([
    Buffer.from([0, topic.length]),
    Buffer.from(topic),
    Buffer.from([0, 1]),
    Buffer.from(message),
  ])
  // At least once, so that it is there when the broker confirms it.
  socket.write(Buffer.concat([Buffer.from([0x33, body.length]), body]))
  await once(socket, 'data')
  socket.destroy()
}
