import { formatDuration } from '../../settings/values/duration.ts'
import type { Translation } from '../shared/translation.ts'
import type { Fields } from '../shared/fields.ts'
import { translateRequest, requestKeys } from './request.ts'
import { jsonValue } from '../shared/json-value.ts'
import { isOn } from './kuma-file.ts'
import { translateDns } from './dns.ts'
import { translateMail, translateMqtt, translatePort, translateRedis, translateSql } from './services.ts'
import { secretOf, type Surroundings } from './surroundings.ts'
import { translateWebsocket } from './websocket.ts'

/** A type of monitor, in our words. */
export interface MonitorType {
  readonly translate: (monitor: Fields, translation: Translation, surroundings: Surroundings) => void
  /** Whether Probity queries it, instead of being called by it. Default: yes. */
  readonly isChecked?: boolean
  /** Keys that say something of it. */
  readonly keys: readonly string[]
}

const translateKeyword = (monitor: Fields, translation: Translation, surroundings: Surroundings): void => {
  translateRequest(monitor, translation, surroundings)
  const rule = isOn(monitor, 'invertKeyword') ? 'not_contains' : 'contains'
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
  if (isOn(monitor, 'retryOnlyOnStatusCodeFailure'))
    translation.note(
      monitor.at('retryOnlyOnStatusCodeFailure'),
      'a wrong value counts as a failed check like every other, and does not begin an alert earlier',
    )
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

const translatePush = (monitor: Fields, translation: Translation, surroundings: Surroundings): void => {
  translation.set(
    ['heartbeat'],
    formatDuration(Number(monitor.text('interval') ?? 60)),
    monitor.at('interval'),
  )
  if ((monitor.text('pushToken') ?? '') !== '')
    translation.refer(['token'], secretOf(monitor, 'pushToken', surroundings), monitor.at('pushToken'))
  translation.note(
    monitor.at('pushToken'),
    'is called at /api/v1/heartbeat/NAME with this token, and no longer at /api/push/TOKEN',
  )
}

const translateGrpc = (monitor: Fields, translation: Translation): void => {
  translation.set(['grpc'], (monitor.text('grpcUrl') ?? '').replace(/^\w+:\/\//, ''), monitor.at('grpcUrl'))
  if (isOn(monitor, 'grpcEnableTls')) translation.set(['use_tls'], true, monitor.at('grpcEnableTls'))
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
  port: { translate: translatePort, keys: ['expectedTlsAlert'] },
  ping: {
    translate: (monitor, translation) => {
      translation.set(['icmp'], monitor.text('hostname'), monitor.at('hostname'))
      const size = Number(monitor.text('packetSize') ?? 56)
      if (size !== 56) translation.set(['payload_size'], Math.max(size, 16), monitor.at('packetSize'))
      if (Number(monitor.text('ping_count') ?? 1) > 1)
        translation.note(monitor.at('ping_count'), 'one request is sent for each check')
    },
    keys: [],
  },
  dns: { translate: translateDns, keys: [] },
  push: { translate: translatePush, isChecked: false, keys: [] },
  'grpc-keyword': { translate: translateGrpc, keys: ['grpcBody', 'grpcMetadata', 'grpcServiceName'] },
  group: 'its members have its name as their label group',
  'websocket-upgrade': { translate: translateWebsocket, keys: ['wsIgnoreSecWebsocketAcceptHeader'] },
  postgres: { translate: translateSql, keys: [] },
  mysql: { translate: translateSql, keys: [] },
  redis: { translate: translateRedis, keys: [] },
  mqtt: { translate: translateMqtt, keys: ['mqttWebsocketPath'] },
  smtp: { translate: translateMail, keys: [] },
  'system-service': {
    translate: (monitor, translation) => {
      const at = monitor.at('system_service_name')
      const name = monitor.text('system_service_name') ?? ''
      translation.set(['systemd'], name.includes('.') ? name : `${name}.service`, at)
      translation.note(at, 'is asked for on the machine of Probity')
    },
    keys: [],
  },
  docker: {
    translate: (monitor, translation) => {
      translation.set(['docker'], monitor.text('docker_container'), monitor.at('docker_container'))
      translation.note(
        monitor.at('docker_host'),
        'the daemon of the machine of Probity is asked: write docker_host: for another one',
      )
    },
    keys: [],
  },
  'real-browser': 'write a target with browser: and a script for Playwright',
  'tailscale-ping': 'write a command, such as [tailscale, ping, -c, "1", NAME]',
  sqlserver: 'write a command that makes the query',
  mongodb: 'write a command that makes the query',
  oracledb: 'write a command that makes the query',
  radius: 'write a command, such as radtest',
  snmp: 'write a command, such as [snmpget, -v2c, -c, public, HOST, OID]',
  ntp: 'write a command, such as [ntpdate, -q, HOST]',
  'kafka-producer': 'write a command that sends a message',
  rabbitmq: 'write a target with the url: of a node, such as https://HOST:15672/api/health/checks/alarms',
  'sip-options': 'write a command, such as [sipsak, -s, "sip:HOST"]',
  globalping: 'run Probity at several locations: docs/targets.md',
  pm2: 'write a command, such as [sh, -c, "pm2 pid NAME | grep -q ."]',
  manual: 'somebody sets its state by hand: write a post for the public page',
  steam: 'write a udp target with the query of the game',
  gamedig: 'write a udp target with the query of the game',
}
