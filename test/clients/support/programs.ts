import { execFile } from 'node:child_process'

/** What a run of a program came to. */
export interface Ran {
  /** 0: all went well. */
  readonly code: number
  /** Everything it printed. */
  readonly output: string
}

/** Milliseconds after which a program is ended: only one that hangs takes so long. */
const longest = 240_000

/** Runs a program to its end. One that cannot be started rejects. */
export function runProgram(
  program: string,
  args: readonly string[],
  { cwd, env }: { readonly cwd: string; readonly env?: Readonly<Record<string, string>> },
): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const options = { cwd, env: { ...process.env, ...env }, timeout: longest, maxBuffer: 64 * 1024 * 1024 }
    execFile(program, args, options, (error, stdout, stderr) => {
      if (error === null) resolve({ code: 0, output: stdout + stderr })
      else if (typeof error.code === 'string') reject(new Error(`cannot run ${program}`, { cause: error }))
      else resolve({ code: error.code ?? 1, output: stdout + stderr })
    })
  })
}
