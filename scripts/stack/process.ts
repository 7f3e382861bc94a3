import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { waitFor } from '../../test/support/time/wait-for.ts'

/** A program that runs until it is stopped. */
export interface Program {
  readonly name: string
  readonly pid: number
  /** What it has written so far to both of its streams, the newest 200,000 characters. */
  readonly output: () => string
  /** Ends it and waits for its end. Safe to call twice. */
  readonly stop: (signal?: NodeJS.Signals) => Promise<void>
  readonly exited: Promise<number | null>
}

const maxOutput = 200_000
const graceMs = 10_000

/** Starts a program. What it prints is kept, and passed on line by line where `onLine` is given. */
export function startProgram(
  name: string,
  command: string,
  args: readonly string[],
  options: SpawnOptions & { readonly onLine?: (line: string) => void } = {},
): Program {
  const { onLine, ...spawnOptions } = options
  const child = spawn(command, args, { ...spawnOptions, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    let rest = ''
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      output = (output + chunk).slice(-maxOutput)
      const lines = (rest + chunk).split('\n')
      rest = lines.pop() ?? ''
      for (const line of lines) onLine?.(line)
    })
  }
  const exited = new Promise<number | null>((resolve) => {
    child.once('exit', resolve)
    child.once('error', (error) => {
      output += `${command}: ${error.message}\n`
      resolve(null)
    })
  })
  return { name, pid: child.pid ?? 0, output: () => output, exited, stop: (signal) => stop(child, signal) }
}

async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  const cut = setTimeout(() => child.kill('SIGKILL'), graceMs)
  await ended
  clearTimeout(cut)
}

/** Ports that nothing listens on at this moment. */
export async function freePorts<N extends string>(names: readonly N[]): Promise<Record<N, number>> {
  const servers = names.map((name) => ({ name, server: createServer().listen(0, '127.0.0.1') }))
  await Promise.all(servers.map(({ server }) => once(server, 'listening')))
  const ports = servers.map(({ name, server }) => [name, (server.address() as AddressInfo).port] as const)
  await Promise.all(servers.map(({ server }) => once(server.close(), 'close')))
  return Object.fromEntries(ports) as Record<N, number>
}

/** Waits until a URL answers with 2xx; says what the program printed when it ends before. */
export async function untilReady(program: Program, url: string, timeoutMs = 30_000): Promise<void> {
  const ended = program.exited.then((code) => {
    throw new Error(
      `${program.name} ended with code ${String(code)} before it was ready:\n${program.output()}`,
    )
  })
  await Promise.race([
    ended,
    waitFor(`${program.name} at ${url}`, async () => (await fetch(url)).ok, timeoutMs),
  ])
}
