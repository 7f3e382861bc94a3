import type { Config } from '../config/config.ts'
import type { Target } from '../config/target/target.ts'
import { selfMetrics } from '../metrics/self.ts'
import { formatLabels, head } from '../metrics/text.ts'

type Labelled = Pick<Target, 'name' | 'labels' | 'runbook'>

/** `probity_target_info` of every configured target, those that are judged on calls only as well: a line at a time. */
export function* targetInfo({ targets, callTargets }: Config): Generator<string> {
  if (targets.length + callTargets.length > 0) yield head(selfMetrics.targetInfo)
  for (const target of targets) yield line(target, target.check.kind)
  for (const target of callTargets) if (!target.probed) yield line(target, 'calls')
}

function line({ name, labels, runbook }: Labelled, kind: string): string {
  const all = { ...labels, target: name, kind, ...(runbook !== undefined && { runbook }) }
  return `${selfMetrics.targetInfo.name}{${formatLabels(all)}} 1\n`
}
