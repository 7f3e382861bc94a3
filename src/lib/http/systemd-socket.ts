import { ProbityError } from '../errors.ts'
import type { ListenAddress } from './listen.ts'

/** The first file descriptor that systemd passes on. */
const firstPassed = 3

/**
 * The socket that systemd has opened for this process: it can have a port below 1024 without rights, and clients wait in it while
 * Probity restarts.
 *
 * Source: https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html
 *
 * @throws ProbityError `SOCKET_MISSING` when there is none, or several.
 */
export function systemdSocket(
  env: Readonly<Partial<Record<string, string>>>,
  pid: number = process.pid,
): ListenAddress {
  const { LISTEN_PID: listener, LISTEN_FDS: count = '0' } = env
  if (listener !== String(pid) || count === '0')
    throw new ProbityError(
      'SOCKET_MISSING',
      'systemd has not passed a socket to this process: start it by a socket unit, without a shell or npm in between, or leave out --web.systemd-socket',
    )
  if (count !== '1')
    throw new ProbityError(
      'SOCKET_MISSING',
      `systemd has passed ${count} sockets: expected one, so one ListenStream= in the socket unit`,
    )
  // Nobody says which address it has: it may be reached from everywhere.
  return { host: '', port: 0, fd: firstPassed }
}
