import type { Fact } from '../../fact.ts'
import type { ProbeResult } from '../../result.ts'
import { plural } from '../../../lib/text/text.ts'

/** What a command did. */
export interface CommandResult {
  /** Absent when it did not end by itself. */
  readonly exitCode?: number
  /** stdout and stderr, the middle left out where they are long. May hold secrets. */
  readonly output: string
  /** Bytes of the whole output. */
  readonly outputBytes: number
}

declare module '../../result.ts' {
  interface Findings {
    readonly command?: CommandResult
  }
}

/** How the program ended. What it has printed is not shown: it may hold anything. */
export function commandFacts({ command }: ProbeResult): Fact[] {
  if (!command) return []
  const { exitCode, outputBytes } = command
  return [
    { label: 'exit code', value: exitCode === undefined ? 'none: it was killed' : String(exitCode) },
    { label: 'output', value: plural(outputBytes, 'byte') },
  ]
}
