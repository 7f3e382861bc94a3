import { waitFor } from '../../test/support/time/wait-for.ts'
import { freePorts, startProgram } from '../stack/process.ts'

/** How long a first start took, in seconds since it was called. */
export interface FirstResult {
  /** The status page answered. */
  readonly page: number
  /** It had the result of a check. */
  readonly result: number
  readonly output: string
}

/** How long the slowest of them may take, on a machine that does much else: it bounds what hangs. */
const patienceMs = 400_000

interface Answer {
  readonly targets: readonly { readonly last?: unknown }[]
}

/** Runs a command that starts solo, until the page has the first result. Ends what it started. */
export async function firstResult(command: readonly string[], cwd: string): Promise<FirstResult> {
  const ports = await freePorts(['page', 'calls'])
  const url = `http://127.0.0.1:${ports.page}`
  const [program = '', ...args] = command
  const where = [
    `--web.listen-address=127.0.0.1:${ports.page}`,
    `--calls.listen-address=127.0.0.1:${ports.calls}`,
  ]
  const began = performance.now()
  const seconds = (): number => (performance.now() - began) / 1000
  // A group, because npm starts a shell that starts the program.
  const solo = startProgram('solo', program, [...args, ...where], { cwd, detached: true })
  const ended = solo.exited.then(() => {
    throw new Error(`${command.join(' ')} ended before its first result:\n${solo.output()}`)
  })
  ended.catch(() => undefined)
  const until = <T>(what: string, condition: () => Promise<T | false>): Promise<T> =>
    Promise.race([ended, waitFor(what, condition, patienceMs)])
  try {
    const page = await until('the page', async () => (await fetch(url)).ok && seconds())
    const result = await until('the first result', async () => {
      const { targets } = (await (await fetch(`${url}/api/v1/targets`)).json()) as Answer
      return targets.some(({ last }) => last !== undefined) && seconds()
    })
    return { page, result, output: solo.output() }
  } finally {
    stopGroup(solo.pid)
    await solo.exited
  }
}

function stopGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGTERM')
  } catch {
    // It has ended already.
  }
}
