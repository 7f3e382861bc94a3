import { Router } from 'express'
import type { ExporterContext } from '../context.ts'
import { createTakeCall } from './call.ts'
import { heartbeatRoute } from './heartbeat.ts'
import { pingRoute } from './ping.ts'

/** Everything that jobs call. */
export function jobRoutes(context: ExporterContext): Router {
  const takeCall = createTakeCall(context)
  return Router().use(heartbeatRoute(context, takeCall)).use(pingRoute(context, takeCall))
}
