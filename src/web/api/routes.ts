import { Router } from 'express'
import { badgeRoute, publicBadgeRoute } from '../badge/route.ts'
import type { ApiContext } from './context.ts'
import { apiErrors } from './errors.ts'
import { incidentsOperation, incidentsRoute } from './incidents.ts'
import type { Operation } from './operation.ts'
import { publicTargetsOperation, publicTargetsRoute } from './public-targets.ts'
import { seriesOperation, seriesRoute } from './series.ts'
import { targetOperation, targetRoute } from './target.ts'
import { targetsOperation, targetsRoute } from './targets.ts'

/** One route per file. */
const routes = [
  targetsRoute,
  targetRoute,
  seriesRoute,
  incidentsRoute,
  publicTargetsRoute,
  badgeRoute,
  publicBadgeRoute,
] as const

/** Those of the routes that answer in JSON. */
export const statusOperations: readonly Operation[] = [
  targetsOperation,
  targetOperation,
  seriesOperation,
  incidentsOperation,
  publicTargetsOperation,
]

/** The status page without its pages: JSON and badges. */
export function statusApi(context: ApiContext): Router {
  const router = Router()
  for (const route of routes) router.use(route(context))
  return router.use(apiErrors)
}
