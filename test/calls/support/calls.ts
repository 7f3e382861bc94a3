import type { CallTarget } from '../../../src/config/target/calls.ts'
import { readPattern } from '../../../src/settings/values/scalars.ts'

type Patterns = Partial<Record<keyof CallTarget['match'], string>>

/** A target of calls; the patterns are written as in a file. */
export function aCallTarget(name: string, match: Patterns, overrides: Partial<CallTarget> = {}): CallTarget {
  return {
    name,
    severity: 'critical',
    labels: {},
    expect: { maxLatency: 0.1, maxErrorRatio: 0.01 },
    match: Object.fromEntries(Object.entries(match).map(([part, source]) => [part, readPattern(source)])),
    probed: false,
    ...overrides,
  }
}

/** The value of one sample of a text in the format of Prometheus. */
export function sample(text: string, series: string): number | undefined {
  const line = text.split('\n').find((candidate) => candidate.startsWith(`${series} `))
  return line === undefined ? undefined : Number(line.slice(series.length + 1))
}

/** How many series a family has. */
export function seriesOf(text: string, name: string): string[] {
  return text.split('\n').filter((line) => line.startsWith(`${name}{`) || line.startsWith(`${name} `))
}
