import type { Dashboard } from './frame.ts'
import { calls } from './calls/calls.ts'
import { overview } from './overview/overview.ts'
import { self } from './self/self.ts'
import { slo } from './slo.ts'
import { target } from './target/target.ts'
import { vendors } from './vendors/vendors.ts'

/** Every dashboard. One more is a file here and its row. */
export const dashboards: readonly Dashboard[] = [overview, target, calls, slo, vendors, self]

/** A dashboard as Grafana reads it from a file, and where that file is in the repository. */
export function dashboardFile(dashboard: Dashboard): { path: string; content: () => string } {
  return {
    path: `grafana/dashboards/${dashboard.uid ?? ''}.json`,
    content: () => `${JSON.stringify(dashboard, null, 2)}\n`,
  }
}
