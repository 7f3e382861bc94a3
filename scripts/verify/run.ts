import { spawn } from 'node:child_process'

export interface Step {
  name: string
  /** The program and its arguments. */
  command: readonly [string, ...string[]]
}

/**
 * Runs a program to its end. One that cannot be started counts as failed, as does one that a signal ended.
 *
 * @param capture Whether `print` gets what it writes, in one text at its end, and not the terminal.
 * @returns Its exit code.
 */
export function run(
  [program, ...args]: Step['command'],
  print: (text: string) => void,
  capture = false,
): Promise<number> {
  return new Promise((resolve) => {
    const output = capture ? 'pipe' : 'inherit'
    const child = spawn(program, args, { stdio: ['ignore', output, output] })
    let text = ''
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (chunk: string) => (text += chunk))
    }
    child.on('error', (error) => {
      print(error.message)
      resolve(1)
    })
    child.on('close', (code) => {
      if (text !== '') print(text.trimEnd())
      resolve(code ?? 1)
    })
  })
}
