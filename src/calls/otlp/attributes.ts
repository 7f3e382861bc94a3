import type { Attributes } from './span.ts'

/*
 * Attributes of client spans, in the stable semantic conventions and in those before them, which many agents still send:
 * https://opentelemetry.io/docs/specs/semconv/ (http, rpc, db, messaging, gen_ai, code)
 */
export const names = {
  method: ['http.request.method', 'http.method'],
  url: ['url.full', 'http.url'],
  host: ['server.address', 'http.host', 'net.peer.name', 'net.sock.peer.name', 'net.peer.ip'],
  // A template stands for the path where an agent leaves that out.
  path: ['url.path', 'http.target', 'url.template', 'http.route'],
  status: ['http.response.status_code', 'http.status_code'],
  error: ['error.type'],
  rpcSystem: ['rpc.system.name', 'rpc.system'],
  rpcService: ['rpc.service'],
  rpcMethod: ['rpc.method'],
  rpcStatus: ['rpc.response.status_code', 'rpc.grpc.status_code'],
  dbSystem: ['db.system.name', 'db.system'],
  dbOperation: ['db.operation.name', 'db.operation'],
  messagingSystem: ['messaging.system'],
  messagingOperation: ['messaging.operation.name', 'messaging.operation.type', 'messaging.operation'],
  genAiSystem: ['gen_ai.provider.name', 'gen_ai.system'],
  genAiOperation: ['gen_ai.operation.name'],
  code: ['code.function.name', 'code.function'],
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

/** The value of the first of several names that is there. */
export function first(attributes: Attributes, keys: readonly string[]): string | undefined {
  const key = keys.find((name) => attributes.has(name))
  return key === undefined ? undefined : attributes.get(key)
}
