import type { CommandLine } from '../../lib/io/run-command.ts'

/**
 * The two Minitors. They read the same YAML, but not all of it alike: Python's fills in `{monitor_name}` with `str.format`
 * and `${VAR}` at the load, Go's fills in `{{.MonitorName}}` and leaves variables to the shell.
 */
export type Dialect = 'python' | 'go'

/** One of `monitors:`. */
export interface Monitor {
  readonly name: string
  readonly command: CommandLine
  /** Seconds. */
  readonly interval: number
  /** Consecutive failed checks. */
  readonly alertAfter: number
  /** Negative: each wait twice as long; 0: once; N: every N failed checks. */
  readonly alertEvery: number
  /** The alerts that say that it is down. */
  readonly down: readonly string[]
  /** The alerts that say that it is up again. */
  readonly up: readonly string[]
}

/** A configuration file of Minitor. Its `${...}` are not expanded. */
export interface MinitorFile {
  readonly dialect: Dialect
  readonly monitors: readonly Monitor[]
  /** What each alert runs, without the built-in `log`. */
  readonly alerts: ReadonlyMap<string, CommandLine>
  /** Alerts that are run once at the start, to see that they work. */
  readonly startupAlerts: readonly string[]
  /** What is not read as it is written, for a person. */
  readonly notes: readonly string[]
}

/** The alert that is there without being written. */
export const builtInLog = 'log'
