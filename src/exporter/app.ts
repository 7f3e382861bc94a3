import type { RequestListener } from 'node:http'
import express, { type Router } from 'express'
import helmet from 'helmet'
import { refuseCrossSite } from '../lib/http/cross-site.ts'
import { healthRoutes } from '../lib/http/health.ts'
import { noPage } from '../lib/http/no-page.ts'
import { metricsRoute } from '../metrics/route.ts'
import type { ExporterContext } from './context.ts'
import { configRoute } from './config-page.ts'
import { crossOrigin } from './cross-origin.ts'
import { errorLine } from './errors.ts'
import { jobRoutes } from './jobs/routes.ts'
import { probeRoute, probesFirst } from './probe-route.ts'
import { reloadRoute } from './reload.ts'
import { sdRoute } from './sd.ts'

/** One route per file. */
const routes: readonly ((context: ExporterContext) => Router)[] = [
  probeRoute,
  sdRoute,
  metricsRoute,
  configRoute,
  healthRoutes,
  reloadRoute,
  jobRoutes,
]

/**
 * The exporter's HTTP surface.
 *
 * @param pages What else is served: the status page.
 */
export function exporterApp(context: ExporterContext, pages: readonly Router[] = []): RequestListener {
  const app = express()
  app.disable('x-powered-by')
  app.disable('etag')
  const safety = helmet({ strictTransportSecurity: false })
  app.use(safety)
  app.use(crossOrigin(context.crossOrigin))
  app.use(refuseCrossSite)
  app.use(context.access.guard)
  app.use([...routes.map((route) => route(context)), ...pages])
  app.use(noPage)
  app.use(errorLine(context.log))
  return probesFirst(context, safety, app)
}
