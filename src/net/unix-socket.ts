import { connect, type Socket } from 'node:net'
import { isAbsolute } from 'node:path'
import { codeOf, messageOf } from '../lib/errors.ts'
import { asText, seen, ValueError } from '../settings/values/value.ts'
import { ProbeFailure } from './failure.ts'
import type { Sockets } from './sockets.ts'

/** Bytes that `sun_path` holds on Linux, without the NUL at its end: unix(7). */
const maxPathBytes = 107

/** Reads the path of a Unix domain socket. */
export function readSocketPath(input: unknown): string {
  const path = asText(input)
  if (!isAbsolute(path))
    throw new ValueError(`${seen} is not an absolute path: expected one such as /run/app.sock`)
  if (path.includes('\0')) throw new ValueError('contains a NUL character')
  if (Buffer.byteLength(path) > maxPathBytes) {
    throw new ValueError(`is longer than the ${maxPathBytes} bytes that the path of a socket may have`)
  }
  return path
}

export interface UnixSocketOptions {
  readonly sockets: Sockets
  /** Refuses an address. Default: none is refused. */
  readonly allowAddress?: ((address: string) => void) | undefined
  /** Whether a peer that has said its last word may still be spoken to. Default: no. */
  readonly allowHalfOpen?: boolean
}

/**
 * Connects to a Unix domain socket.
 *
 * @throws ProbeFailure `blocked` or `connect`.
 */
export async function connectUnix(path: string, options: UnixSocketOptions): Promise<Socket> {
  const { sockets, allowAddress, allowHalfOpen = false } = options
  refuseBlocked(path, allowAddress)
  const socket = connect({ path, allowHalfOpen })
  sockets.track(socket)
  await new Promise<void>((resolve, reject) => {
    socket.once('connect', resolve)
    socket.once('error', (cause) => {
      reject(connectFailure(cause, path))
    })
  })
  return socket
}

/** A client that may not reach this machine by its own address may not reach it in another way. */
function refuseBlocked(path: string, allowAddress: UnixSocketOptions['allowAddress']): void {
  try {
    allowAddress?.('127.0.0.1')
  } catch (cause) {
    throw new ProbeFailure('blocked', `${path} is on this machine, and ${messageOf(cause)}`, { cause })
  }
}

const problems: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such socket',
  ECONNREFUSED: 'nothing is listening on it',
  EACCES: 'its permissions do not let Probity write to it',
  ENOTDIR: 'a part of its path is not a folder',
  EAGAIN: 'its queue of connections is full',
  EPROTOTYPE: 'it is a socket of another type',
}

function connectFailure(cause: Error, path: string): ProbeFailure {
  const code = codeOf(cause) ?? 'unknown error'
  const problem = problems[code] ?? 'it cannot be connected to'
  return new ProbeFailure('connect', `${path}: ${problem} (${code})`, { cause })
}
