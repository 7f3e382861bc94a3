import { defineKind } from '../kind.ts'
import { networkMetrics } from '../shared/metrics/network.ts'
import { tlsMetrics } from '../shared/metrics/tls.ts'
import { sqlMetrics } from './metrics.ts'
import { sqlFacts } from './result.ts'
import { sqlSchema } from './schema.ts'

/** `sql:` */
export const sqlKind = defineKind(sqlSchema, {
  kind: 'sql',
  summary: 'a query to a PostgreSQL, MySQL or MariaDB database and its rows',
  triedAgainst: 'PostgreSQL, MariaDB',
  limits: '1000 rows, 4 MiB',
  inBlackbox: false,
  metrics: [...networkMetrics, ...sqlMetrics, ...tlsMetrics],
  facts: sqlFacts,
  probe: async () => (await import('./probe.ts')).probeSql,
  standsAlone: () => true,
})
