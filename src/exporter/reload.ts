import { Router } from 'express'
import { messageOf } from '../lib/errors.ts'
import type { ExporterContext } from './context.ts'

/** `POST /-/reload`: loads the configuration again; 500 with every mistake when it is rejected. */
export function reloadRoute({ lifecycle, reload }: ExporterContext): Router {
  return Router().all('/-/reload', async (request, response) => {
    response.type('text')
    if (!lifecycle) {
      response.status(403).send('reloading over HTTP is off: start with --web.enable-lifecycle\n')
    } else if (request.method !== 'POST' && request.method !== 'PUT') {
      response.status(405).set('Allow', 'POST, PUT').send('only POST or PUT requests are allowed\n')
    } else {
      await reload().then(
        () => response.send('configuration reloaded\n'),
        (error: unknown) =>
          response
            .status(500)
            .send(`configuration rejected, the old one stays in force:\n${messageOf(error)}\n`),
      )
    }
  })
}
