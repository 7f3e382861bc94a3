import { first, names } from './attributes.ts'
import type { Span } from './span.ts'

/**
 * What a span that is not only an HTTP request calls: `pay.Payments/Charge`, `postgresql/SELECT`, `kafka/publish`,
 * `openai/chat`; otherwise the function that made the call, or the name of the span.
 */
export function operationOf({ attributes, name }: Span): string {
  const method = first(attributes, names.rpcMethod)
  if (method !== undefined) {
    const service = first(attributes, names.rpcService)
    // In the newest conventions the method names its service too.
    return service === undefined || method.includes('/') ? method : `${service}/${method}`
  }
  for (const [system, operation] of systems) {
    const called = first(attributes, system)
    if (called !== undefined) return [called, first(attributes, operation)].filter(Boolean).join('/')
  }
  return first(attributes, names.code) ?? (name.trim() || 'unnamed')
}

const systems = [
  [names.dbSystem, names.dbOperation],
  [names.messagingSystem, names.messagingOperation],
  [names.genAiSystem, names.genAiOperation],
] as const

/** Systems that are spoken to over HTTP, by their names in the semantic conventions. */
const overHttp: ReadonlySet<string> = new Set([
  ...['aws-api', 'connect_rpc', 'connectrpc', 'jsonrpc', 'dotnet_wcf'],
  ...['elasticsearch', 'opensearch', 'couchdb', 'influxdb', 'clickhouse', 'cosmosdb', 'azure.cosmosdb'],
  ...['dynamodb', 'aws.dynamodb', 'aws_sqs', 'aws.sqs', 'aws.sns'],
])

/**
 * The host of an operation. An SDK that speaks HTTP makes a request as well, which has its own span in most programs: without a
 * host here, a target that selects calls by their host counts each of them once.
 */
export function hostOfOperation({ attributes }: Span): string | undefined {
  const isRpc = first(attributes, names.rpcMethod) !== undefined
  const system = first(attributes, [...names.rpcSystem, ...names.dbSystem, ...names.messagingSystem])
  const speaksItself = system === undefined ? isRpc : !overHttp.has(system)
  return speaksItself ? first(attributes, names.host) : undefined
}
