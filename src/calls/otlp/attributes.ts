/*
 * Attributes of HTTP client spans, in the stable semantic conventions and in those before 1.20, which many agents still send:
 * https://opentelemetry.io/docs/specs/semconv/http/http-spans/
 */
export const names = {
  method: ['http.request.method', 'http.method'],
  url: ['url.full', 'http.url'],
  host: ['server.address', 'http.host', 'net.peer.name'],
  path: ['url.path', 'http.target'],
  status: ['http.response.status_code', 'http.status_code'],
  error: ['error.type'],
  caller: ['service.name'],
  version: ['service.version'],
} as const

const wanted: ReadonlySet<string> = new Set(Object.values(names).flat())

/** Whether a call is made of this attribute. No other is kept. */
export function isWanted(name: string): boolean {
  return wanted.has(name)
}

/** UTF-8 bytes of the longest name. */
export const longestName = Math.max(...[...wanted].map((name) => name.length))
