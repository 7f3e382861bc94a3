import { callMatch, type CallTarget } from '../target/calls.ts'
import { notifyLabels } from '../notify/target.ts'
import { mergeSettings } from '../../settings/merge.ts'
import type { Part } from '../document/parts.ts'
import { commonDefaults, labelsOf } from './resolve.ts'
import { targetSchema, type CompleteSettings, type Settings } from '../document/schema.ts'

const builtIn = targetSchema.parse(commonDefaults)

/**
 * What the calls of programs are judged by: the same expectation that holds for probes.
 *
 * @param parts `defaults:`, the module, the target.
 * @param probed Whether the target has a check too.
 * @returns Nothing when the target has no `calls:`, or none that can be used.
 */
export function resolveCallTarget(
  name: string,
  parts: readonly Part[],
  probed: boolean,
): CallTarget | undefined {
  const settings = mergeSettings<Settings>([builtIn, ...parts.map((part) => part.settings)])
  const { calls, runbook } = settings
  if (calls === undefined) return undefined
  // The built-in defaults give what is read of it here.
  const complete = settings as CompleteSettings
  return {
    name,
    ...(complete.was && { was: complete.was }),
    ...(complete.enabled === false && { paused: true }),
    severity: complete.severity,
    labels: { ...labelsOf(complete), ...notifyLabels(complete) },
    ...(runbook === undefined || runbook === null ? {} : { runbook }),
    expect: { maxLatency: complete.expect.max_latency, maxErrorRatio: complete.expect.max_error_rate },
    ...callMatch(calls),
    probed,
  }
}
