import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promtool } from '../support/programs/promtool.ts'

const day = 86_400

/** Labels as /sd gives them to a target. */
export type Labels = Readonly<Record<string, string>>

/** What the rules record every 5m, and a threshold next to it, for a target that once had a bad hour. */
const levels: Readonly<Record<string, number>> = {
  'probe:budget_left:30d': 0.8,
  'probe:error_ratio:1h': 0,
  'probe:error_ratio:6h': 0,
  'probe:error_ratio:1d': 0.001,
  'probe:error_ratio:3d': 0.002,
  probe_target_slo_ratio: 0.95,
}

/**
 * Puts into a data folder of Prometheus what its rules would have recorded in the days before now, for each of these
 * targets. The real rules then make the ratio of 30 days of it.
 *
 * @param now Unix seconds.
 */
export async function writeHistory(
  data: string,
  targets: readonly Labels[],
  days: number,
  now: number,
): Promise<void> {
  const end = Math.floor(now / 3600) * 3600
  const start = end - days * day
  const families = [
    family('probe:hourly_error_ratio', targets, every(3600, start, end), (index) =>
      index === 5 ? 1 / 7 : 0,
    ),
    ...Object.entries(levels).map(([name, level]) =>
      family(name, targets, every(300, start, end), () => level),
    ),
  ]
  const file = join(data, 'history.txt')
  await writeFile(file, [...families.flat(), '# EOF', ''].join('\n'))
  const { passed, output } = await promtool('promtool', [
    'tsdb',
    'create-blocks-from',
    'openmetrics',
    file,
    data,
  ])
  if (!passed) throw new Error(output)
}

function every(step: number, start: number, end: number): number[] {
  return Array.from({ length: (end - start) / step }, (_, index) => start + index * step)
}

/** A metric in OpenMetrics: https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md */
function family(
  name: string,
  targets: readonly Labels[],
  times: readonly number[],
  value: (index: number) => number,
): string[] {
  const samples = targets.flatMap((labels) =>
    times.map((time, index) => `${name}{${format(labels)}} ${value(index)} ${time}`),
  )
  return [`# TYPE ${name} gauge`, ...samples]
}

function format(labels: Labels): string {
  return Object.entries(labels)
    .map(([name, value]) => `${name}=${JSON.stringify(value)}`)
    .join(',')
}
