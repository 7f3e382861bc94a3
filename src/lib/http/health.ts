import { Router } from 'express'
import { describeNotKept, type Keeping } from '../io/keeping.ts'

export interface HealthOptions {
  /** Whether the service should get requests: false while it stops. */
  readonly ready: () => boolean
  /** What cannot be stored is reported with `/-/ready`. */
  readonly keeping: Pick<Keeping, 'notKept'>
}

/**
 * `GET /-/healthy` and `GET /-/ready`, as Prometheus has them. Without a disk Probity is still ready, and says what
 * it lacks: it sends alerts from memory, and taking it out of service would stop them.
 */
export function healthRoutes({ ready, keeping }: HealthOptions): Router {
  return Router()
    .get('/-/healthy', (_request, response) => {
      response.type('text').send('Probity is Healthy.\n')
    })
    .get('/-/ready', (_request, response) => {
      if (!ready()) {
        response.status(503).type('text').send('Probity is stopping.\n')
        return
      }
      const degraded = keeping.notKept().map((file) => `Degraded: ${describeNotKept(file)}\n`)
      response.type('text').send(['Probity is Ready.\n', ...degraded].join(''))
    })
}
