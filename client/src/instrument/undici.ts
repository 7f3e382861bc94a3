import { errorName } from '../error-name.ts'
import type { Instrumentation } from './instrumentation.ts'

/** What undici publishes of a request, in the fields that are used here. */
interface Request {
  readonly method: string
  readonly origin?: string | URL
  readonly path: string
}

interface Open {
  readonly startedAt: number
  status: number
  respondedAt: number
}

/** What the program's own loss of interest is called: by `fetch`, and by undici's other methods. */
const abandoned: readonly string[] = ['AbortError', 'UND_ERR_ABORTED']

/**
 * Requests of the built-in `fetch` and of the package undici: both publish to the same channels. They last until the
 * last byte of the response has arrived. Each redirect and each retry is a separate request.
 *
 * @see https://github.com/nodejs/undici/blob/main/docs/docs/api/DiagnosticsChannel.md
 */
export const undici: Instrumentation = ({ report, now }) => {
  const open = new WeakMap<Request, Open>()

  const end = (request: Request, endedAt: number, error: string): void => {
    const call = open.get(request)
    if (call === undefined) return
    open.delete(request)
    const { method, origin, path } = request
    const durationSeconds = (endedAt - call.startedAt) / 1000
    report({ method, url: `${String(origin)}${path}`, status: call.status, durationSeconds, error })
  }
  return {
    'undici:request:create'({ request }: { request: Request }) {
      // What goes through a tunnel is reported as a separate request.
      if (request.method !== 'CONNECT') open.set(request, { startedAt: now(), status: 0, respondedAt: 0 })
    },
    'undici:request:headers'({ request, response }: { request: Request; response: { statusCode: number } }) {
      const call = open.get(request)
      // Informational responses announce the real one.
      if (call === undefined || response.statusCode < 200) return
      call.status = response.statusCode
      call.respondedAt = now()
    },
    'undici:request:trailers'({ request }: { request: Request }) {
      end(request, now(), '')
    },
    'undici:request:error'({ request, error }: { request: Request; error: unknown }) {
      const call = open.get(request)
      const name = errorName(error)
      if (call !== undefined && call.status > 0 && abandoned.includes(name))
        end(request, call.respondedAt, '')
      else end(request, now(), name)
    },
  }
}
