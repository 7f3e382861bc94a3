import { hasExpansion } from '../../settings/secrets.ts'
import type { Path } from '../../settings/path.ts'
import type { Fields } from '../shared/fields.ts'
import { referHeader } from '../shared/headers.ts'
import { setLabels } from '../shared/labels.ts'
import type { Entry, Names } from '../shared/render.ts'
import type { Secrets } from '../shared/secrets.ts'
import { fitTimeout, goDuration } from '../shared/times.ts'
import { Translation, type Remark } from '../shared/translation.ts'
import { translateAuth } from './auth.ts'
import type { Put } from './put.ts'
import { translateValidations } from './validations.ts'

/** What is around a target. */
export interface Around {
  /** Its receiver, such as `httpcheck/shop`. */
  readonly receiver: Fields
  /** What stands behind the slash in its name. */
  readonly group: string | undefined
  readonly extensions: Fields
  readonly names: Names
  readonly secrets: Secrets
}

/** Keys of a client that change nothing of what is judged. */
const silent = [
  ...[
    'read_buffer_size',
    'write_buffer_size',
    'compression',
    'compression_params',
    'max_idle_conns',
    'idle_conn_timeout',
  ],
  ...[
    'max_idle_conns_per_host',
    'max_conns_per_host',
    'disable_keep_alives',
    'http2_read_idle_timeout',
    'http2_ping_timeout',
    'collect_tls',
  ],
]

const secretHeader = /authorization|cookie|token|key|secret/i

/** Translates one of `targets:`, which may have several endpoints. */
export function targetsOf(target: Fields, around: Around): (Entry | Remark)[] {
  const single = target.text('endpoint')
  const endpoints = [
    ...(single === undefined || single === '' ? [] : [single]),
    ...target.list('endpoints').filter((one) => typeof one === 'string'),
  ]
  if (endpoints.length === 0) return [{ path: target.path, message: 'is left out: it has no endpoint' }]
  return endpoints.map((endpoint) => endpointOf(endpoint, target, around))
}

function endpointOf(endpoint: string, target: Fields, around: Around): Entry {
  const { receiver, names, secrets, group } = around
  const translation = new Translation()
  const shown = endpoint.replace(/^(\w+:\/\/)[^/@]*@/, '$1').replace(/[?#].*$/, '')
  const name = names.unique(shown, target.text('method') ?? 'GET')
  const put: Put = (ours, text, at, secret) => {
    if (text === undefined) return
    const kept = secret !== undefined && !hasExpansion(text) ? secrets.keep(text, shown, secret) : text
    translation.refer(ours, kept, at)
  }
  translation.refer(['name'], name, target.at('endpoint'))
  translation.refer(
    ['url'],
    hasExpansion(endpoint) ? endpoint : secrets.keepInUrl(endpoint, shown, 'password'),
    target.at('endpoint'),
  )
  const method = target.text('method') ?? 'GET'
  if (method !== 'GET') translation.set(['method'], method.toUpperCase(), target.at('method'))
  translateRequest(target, translation, put)
  translateTls(target, translation, put)
  translateAuth(target, around.extensions, translation, put)
  translateValidations(target, translation)
  const interval = receiver.text('collection_interval') ?? '60s'
  translation.set(['interval'], goDuration(interval) ?? '60s', receiver.at('collection_interval'))
  const timeout = target.text('timeout') ?? receiver.text('timeout')
  if (timeout !== undefined) translation.set(['timeout'], goDuration(timeout), target.at('timeout'))
  fitTimeout(translation, receiver.at('collection_interval'))
  if (group !== undefined) setLabels(translation, [['group', group]], receiver.path)
  for (const key of silent) target.take(key)
  for (const path of translation.unsaid(target.left())) translation.lose(path, 'is not supported here')
  return { keys: translation.keys, remarks: [...translation.lost, ...translation.notes] }
}

function translateRequest(target: Fields, translation: Translation, put: Put): void {
  const body = target.text('body') ?? ''
  if (body !== '') put(['body'], body, target.at('body'))
  for (const [name, value, at] of headersOf(target)) {
    const isSecret = secretHeader.test(name) && !hasExpansion(value)
    if (isSecret) put(['headers', name], value, at, name)
    else referHeader(translation, name, value, at)
  }
  const hasType = headersOf(target).some(([name]) => name.toLowerCase() === 'content-type')
  if (target.take('auto_content_type') === true && body !== '' && !hasType) {
    const isJson = /^\s*[{[]/.test(body)
    translation.set(
      ['headers', 'Content-Type'],
      isJson ? 'application/json' : 'text/plain',
      target.at('auto_content_type'),
    )
  }
  const proxy = target.text('proxy_url') ?? ''
  if (proxy !== '') put(['proxy'], proxy, target.at('proxy_url'))
}

/** Headers are a mapping, or a list of names and values. */
function headersOf(target: Fields): (readonly [name: string, value: string, at: Path])[] {
  if (Array.isArray(target.take('headers')))
    return target
      .items('headers')
      .map((item) => [item.text('name') ?? '', item.text('value') ?? '', item.at('name')])
  const headers = target.below('headers')
  return headers.keys.map((name) => [name, headers.text(name) ?? '', headers.at(name)])
}

/** Keys of ours by those of a client. */
const tlsKeys = {
  ca_file: 'ca_file',
  ca_pem: 'ca',
  cert_file: 'cert_file',
  cert_pem: 'cert',
  key_file: 'key_file',
  key_pem: 'key',
  server_name_override: 'server_name',
} as const

function translateTls(target: Fields, translation: Translation, put: Put): void {
  const tls = target.below('tls')
  for (const [theirs, ours] of Object.entries(tlsKeys))
    put(['tls', ours], tls.text(theirs), tls.at(theirs), theirs === 'key_pem' ? theirs : undefined)
  if (tls.take('insecure_skip_verify') === true)
    translation.set(['tls', 'verify'], false, tls.at('insecure_skip_verify'))
  for (const key of ['min_version', 'max_version']) {
    const version = tls.text(key)
    if (version !== undefined && version !== '')
      translation.set(['tls', key], `TLS${version.replace('.', '')}`, tls.at(key))
  }
  for (const key of ['insecure', 'reload_interval', 'include_system_ca_certs_pool']) tls.take(key)
}
