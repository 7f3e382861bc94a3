import { maybe, type ProbeMetric } from '../metric.ts'

/** What a command did. */
export const commandMetrics: readonly ProbeMetric[] = [
  maybe(
    'probe_command_exit_code',
    'Exit code of the command; absent when it did not end by itself',
    ({ result }) => (result.command?.exitCode === undefined ? [] : [result.command.exitCode]),
  ),
  maybe(
    'probe_command_output_bytes',
    'Bytes that the command has printed, kept or not',
    ({ result }) => (result.command ? [result.command.outputBytes] : []),
    { unit: 'bytes' },
  ),
]
