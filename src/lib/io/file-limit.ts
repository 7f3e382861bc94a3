import { readFileSync } from 'node:fs'
import { ProbityError } from '../errors.ts'

/** Files and connections that a long-running program needs to work at all. */
const least = 256
/** Those that it has open without any probe or client; the built-in database alone has about a hundred. */
const own = 192
/** With so many, half of them are enough for probes. */
const plenty = 16_384
/** Those that one probe may need: its connection, its name server, its proxy, or the pipes of its program. */
const perProbe = 4

/**
 * How many files and connections this process may have open. Node.js has raised it to the hard limit.
 *
 * @returns Infinity where the system does not say.
 */
export function openFileLimit(): number {
  try {
    const [, soft = ''] = /^Max open files\s+(\d+)/m.exec(readFileSync('/proc/self/limits', 'utf8')) ?? []
    return soft === '' ? Infinity : Number(soft)
  } catch {
    return Infinity
  }
}

/** What to do about too few. */
export const moreFiles =
  'raise the limit with "ulimit -n 65536", with LimitNOFILE=65536 in systemd, or with ulimits: in Compose'

/** @throws ProbityError `FILES_TOO_FEW` */
export function requireFiles(limit: number): void {
  if (limit >= least) return
  throw new ProbityError(
    'FILES_TOO_FEW',
    `this process may have ${limit} files and connections open, and Probity needs at least ${least}, better 4096: ${moreFiles}`,
  )
}

/** How many probes may be under way, so that the files suffice. */
export function probesAtOnce(limit: number): number {
  return Math.max(1, Math.floor((limit - own - clientsAtOnce(limit)) / perProbe))
}

/** How many clients of a server may be connected, so that files and memory are left for probes and for the state. */
export function clientsAtOnce(limit: number): number {
  const share = limit < plenty ? 4 : 2
  return Math.min(10_000, Math.max(16, Math.floor(limit / share)))
}
