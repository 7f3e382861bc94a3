import { tempFolder } from '../temp-folder.ts'
import { startDaemon } from './daemon.ts'
import { freePort } from './free-port.ts'

/**
 * Starts Redis on a free port of 127.0.0.1. It ends with the tests of the file.
 *
 * @param flags Further ones of its command line.
 * @returns The port.
 */
export async function startRedis(flags: readonly string[] = []): Promise<number> {
  const port = await freePort()
  const common = ['--bind', '127.0.0.1', '--save', '', '--dir', await tempFolder()]
  await startDaemon('redis-server', [...common, '--port', String(port), ...flags], port)
  return port
}

/**
 * The flags for TLS on another port.
 *
 * @param cert Path of a PEM file.
 * @param key Path of a PEM file.
 */
export const redisTlsFlags = (port: number, cert: string, key: string): string[] => [
  ...['--tls-port', String(port), '--tls-cert-file', cert, '--tls-key-file', key],
  ...['--tls-ca-cert-file', cert, '--tls-auth-clients', 'no'],
]
