import { kinds as checkKinds } from '../../../src/checks/index.ts'
import { catalogue, probeMetricsOf } from '../../../src/metrics/catalogue.ts'

type Metric = (typeof catalogue.self)[number]

/** Every metric with its type, its labels, and where it is shown: the kinds of check, or /metrics. */
export function metrics(): string[] {
  const kinds = checkKinds.map(({ kind }) => [kind, probeMetricsOf(kind)] as const)
  return [
    ...catalogue.probe.map((metric) => {
      const having = kinds.filter(([, row]) => row.some((each) => each === metric)).map(([kind]) => kind)
      return line(
        metric,
        having.length === kinds.length ? '/probe, all kinds' : `/probe, ${having.sort().join(' ')}`,
      )
    }),
    ...catalogue.self.map((metric) => line(metric, '/metrics')),
  ]
}

function line({ name, type, labels, targetLabels }: Metric, where: string): string {
  const all = [...[...labels].sort(), ...(targetLabels ? ["the target's own"] : [])]
  return `${name}  ${type}  {${all.join(', ')}}  ${where}`
}
