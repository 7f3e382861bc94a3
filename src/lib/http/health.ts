import { Router } from 'express'

export interface HealthOptions {
  /** Whether the service is to be sent requests: false while it stops. */
  readonly ready: () => boolean
}

/** `GET /-/healthy` and `GET /-/ready`, as Prometheus has them. */
export function healthRoutes({ ready }: HealthOptions): Router {
  return Router()
    .get('/-/healthy', (_request, response) => {
      response.type('text').send('Probity is Healthy.\n')
    })
    .get('/-/ready', (_request, response) => {
      if (ready()) response.type('text').send('Probity is Ready.\n')
      else response.status(503).type('text').send('Probity is stopping.\n')
    })
}
