import { formatAddress } from '../../net/address.ts'
import { formatDuration } from '../../settings/values/duration.ts'
import type { Translation } from '../shared/translation.ts'
import type { Fields } from '../shared/fields.ts'
import { hasOwnPort, translateRequest, requestKeys } from './request.ts'
import { jsonValue } from '../shared/json-value.ts'
import type { Surroundings } from './surroundings.ts'

/** A type of monitor, in our words. */
export interface MonitorType {
  readonly translate: (monitor: Fields, translation: Translation, surroundings: Surroundings) => void
  /** Whether Probity queries it, instead of being called by it. Default: yes. */
  readonly isChecked?: boolean
  /** Keys that say something of it. */
  readonly keys: readonly string[]
}

const addressOf = (monitor: Fields): string =>
  formatAddress({ host: monitor.text('hostname') ?? '', port: Number(monitor.text('port') ?? 0) })

const translateKeyword = (monitor: Fields, translation: Translation, surroundings: Surroundings): void => {
  translateRequest(monitor, translation, surroundings)
  const rule = monitor.take('invertKeyword') === true ? 'not_contains' : 'contains'
  translation.set(['expect', 'body', rule], monitor.text('keyword'), monitor.at('keyword'))
}

/** The part of JSONata that is a JSONPath with the root left out. */
const simplePath = /^\$?\.?([A-Za-z_]\w*(?:\[\d+\])?(?:\.[A-Za-z_]\w*(?:\[\d+\])?)*)$/

const translateJson = (monitor: Fields, translation: Translation, surroundings: Surroundings): void => {
  translateRequest(monitor, translation, surroundings)
  const [path, expected, operator] = [
    monitor.text('jsonPath') ?? '',
    monitor.text('expectedValue') ?? '',
    monitor.text('jsonPathOperator') ?? '==',
  ]
  const [, names] = simplePath.exec(path) ?? []
  const compare = Object.hasOwn(jsonOperators, operator) ? jsonOperators[operator] : undefined
  if (names === undefined || compare === undefined)
    translation.lose(monitor.at('jsonPath'), 'only one value, by its path, can be compared')
  else translation.set(['expect', 'json', `$.${names}`], compare(expected), monitor.at('expectedValue'))
}

/** What is expected of a value, by the operator of version 2. */
const jsonOperators: Readonly<Record<string, (expected: string) => unknown>> = {
  '==': jsonValue,
  '!=': (expected) => ({ not: jsonValue(expected) }),
  '<': (expected) => ({ lt: jsonValue(expected) }),
  '<=': (expected) => ({ lte: jsonValue(expected) }),
  '>': (expected) => ({ gt: jsonValue(expected) }),
  '>=': (expected) => ({ gte: jsonValue(expected) }),
  contains: (expected) => ({ contains: expected }),
}

/** Where nothing is written. */
const usualResolver = '1.1.1.1'

const translateDns = (monitor: Fields, translation: Translation): void => {
  translation.set(['dns'], monitor.text('hostname'), monitor.at('hostname'))
  translation.set(['type'], monitor.text('dns_resolve_type') ?? 'A', monitor.at('dns_resolve_type'))
  const port = monitor.text('port') ?? '53'
  // Several are tried there; one is asked here.
  const [server = usualResolver, ...others] = (monitor.text('dns_resolve_server') ?? usualResolver)
    .split(',')
    .map((one) => one.trim())
  if (others.length > 0) translation.note(monitor.at('dns_resolve_server'), 'only the first one is queried')
  translation.set(
    ['server'],
    hasOwnPort(server) ? server : formatAddress({ host: server, port: Number(port) }),
    monitor.at('dns_resolve_server'),
  )
  translation.set(['expect', 'answer', 'min_records'], 1, monitor.at('dns_resolve_type'))
}

const translatePush = (monitor: Fields, translation: Translation): void => {
  translation.set(
    ['heartbeat'],
    formatDuration(Number(monitor.text('interval') ?? 60)),
    monitor.at('interval'),
  )
  translation.set(['token'], monitor.text('pushToken'), monitor.at('pushToken'))
  translation.note(
    monitor.at('pushToken'),
    'is called at /api/v1/heartbeat/NAME with this token, and no longer at /api/push/TOKEN',
  )
}

const translateGrpc = (monitor: Fields, translation: Translation): void => {
  translation.set(['grpc'], (monitor.text('grpcUrl') ?? '').replace(/^\w+:\/\//, ''), monitor.at('grpcUrl'))
  if (monitor.take('grpcEnableTls') === true) translation.set(['use_tls'], true, monitor.at('grpcEnableTls'))
  translation.lose(monitor.at('grpcMethod'), 'only the health service is queried: the keyword is ignored')
}

const requests = (translate: MonitorType['translate'], ...more: readonly string[]): MonitorType => ({
  translate,
  keys: [...requestKeys, ...more],
})

/** Every type of monitor; text where it is left out, and why. */
export const types: Readonly<Record<string, MonitorType | string>> = {
  http: requests(translateRequest),
  keyword: requests(translateKeyword, 'keyword', 'invertKeyword'),
  'json-query': requests(translateJson, 'jsonPath', 'expectedValue', 'jsonPathOperator'),
  port: {
    translate: (monitor, translation) => {
      translation.set(['tcp'], addressOf(monitor), monitor.at('hostname'))
    },
    keys: [],
  },
  ping: {
    translate: (monitor, translation) => {
      translation.set(['icmp'], monitor.text('hostname'), monitor.at('hostname'))
      const size = Number(monitor.text('packetSize') ?? 56)
      if (size !== 56) translation.set(['payload_size'], size, monitor.at('packetSize'))
    },
    keys: [],
  },
  dns: { translate: translateDns, keys: [] },
  push: { translate: translatePush, isChecked: false, keys: [] },
  'grpc-keyword': { translate: translateGrpc, keys: ['grpcBody', 'grpcMetadata', 'grpcServiceName'] },
  group: 'its members have its name as their label group',
  docker: 'write a target with docker: NAME',
  'real-browser': 'write a target with browser: and a script for Playwright',
  'tailscale-ping': 'write a command, such as [tailscale, ping, -c, "1", NAME]',
  mqtt: 'write a target with mqtt:',
  sqlserver: 'write a command that makes the query',
  postgres: 'write a target with sql: postgres://',
  mysql: 'write a target with sql: mysql://',
  mongodb: 'write a command that makes the query',
  redis: 'write a target with redis:',
  radius: 'write a command, such as radtest',
  'kafka-producer': 'write a command that sends a message',
  steam: 'there is no check for games here',
  gamedig: 'there is no check for games here',
}
