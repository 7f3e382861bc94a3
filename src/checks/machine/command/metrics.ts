import { maybe, type ProbeMetric } from '../../metric.ts'

/** What a command did. */
export const commandMetrics: readonly ProbeMetric[] = [
  maybe(
    'probe_command_exit_code',
    'Exit code of the command; absent when it did not exit by itself',
    ({ result }) => (result.command?.exitCode === undefined ? [] : [result.command.exitCode]),
  ),
  maybe(
    'probe_command_output_bytes',
    'Bytes that the command printed, including those that were not kept',
    ({ result }) => (result.command ? [result.command.outputBytes] : []),
    { unit: 'bytes' },
  ),
]
