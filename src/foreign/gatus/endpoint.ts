import { isMapping, type Mapping } from '../../config/document/parts.ts'
import { Translation, type Remark } from '../shared/translation.ts'
import type { Fields } from '../shared/fields.ts'
import { referHeader } from '../shared/headers.ts'
import { kinds } from '../../checks/index.ts'
import { setLabels } from '../shared/labels.ts'
import { fitTimeout, goDuration } from '../shared/times.ts'
import type { Entry, Names } from '../shared/render.ts'
import { translateAlerts } from './alerts.ts'
import { translateClient } from './client.ts'
import { translateConditions } from './conditions.ts'

/** What a scheme of a URL becomes. */
interface Scheme {
  readonly kind: string
  readonly translate: (rest: string, endpoint: Fields, translation: Translation) => void
}

const addressed =
  (kind: string, more: Mapping = {}): Scheme['translate'] =>
  (rest, endpoint, translation) => {
    translation.refer([kind], rest.replace(/\/.*$/, ''), endpoint.at('url'))
    for (const [key, value] of Object.entries(more)) translation.set([key], value, endpoint.at('url'))
  }

const web: Scheme = {
  kind: 'url',
  translate: (_rest, endpoint, translation) => {
    translation.refer(['url'], endpoint.text('url') ?? '', endpoint.at('url'))
    const body = endpoint.text('body')
    const isGraphql = endpoint.take('graphql') === true
    const method = endpoint.text('method')
    if (method !== undefined) translation.set(['method'], method, endpoint.at('method'))
    const headers = endpoint.below('headers')
    for (const name of headers.keys)
      referHeader(translation, name, headers.text(name) ?? '', headers.at(name))
    if (body === undefined) return
    translation.refer(['body'], isGraphql ? JSON.stringify({ query: body }) : body, endpoint.at('body'))
    if (isGraphql && !headers.keys.some((name) => name.toLowerCase() === 'content-type'))
      translation.set(['headers', 'Content-Type'], 'application/json', endpoint.at('graphql'))
  },
}

const websocket: Scheme = {
  kind: 'websocket',
  translate: (_rest, endpoint, translation) => {
    translation.refer(['websocket'], endpoint.text('url') ?? '', endpoint.at('url'))
    const headers = endpoint.below('headers')
    for (const name of headers.keys)
      referHeader(translation, name, headers.text(name) ?? '', headers.at(name))
    const body = endpoint.text('body')
    if (body !== undefined)
      translation.refer(['dialogue', '0', 'send'], body.replaceAll(/\$(?!\{)/g, '$$$$'), endpoint.at('body'))
  },
}

const dns: Scheme = {
  kind: 'dns',
  translate: (rest, endpoint, translation) => {
    const query = endpoint.below('dns')
    translation.refer(['dns'], query.text('query-name') ?? '.', query.at('query-name'))
    translation.set(['type'], query.text('query-type') ?? 'A', query.at('query-type'))
    translation.refer(['server'], rest.replace(/\/$/, ''), endpoint.at('url'))
    translation.set(
      ['expect', 'rcode'],
      ['NOERROR', 'NXDOMAIN', 'SERVFAIL', 'REFUSED', 'FORMERR', 'NOTIMP'],
      endpoint.at('dns'),
    )
  },
}

const ssh: Scheme = {
  kind: 'tcp',
  translate: (rest, endpoint, translation) => {
    const host = rest.replace(/\/.*$/, '')
    translation.refer(['tcp'], /:\d+$/.test(host) ? host : `${host}:22`, endpoint.at('url'))
    translation.set(['dialogue', '0', 'expect'], '^SSH-', endpoint.at('url'))
    if (endpoint.take('ssh') !== undefined || endpoint.text('body') !== undefined)
      translation.lose(endpoint.at('ssh'), 'there is no login: only the greeting is checked')
  },
}

const schemes: Readonly<Record<string, Scheme>> = {
  http: web,
  https: web,
  tcp: { kind: 'tcp', translate: addressed('tcp') },
  tls: { kind: 'certificate', translate: addressed('certificate') },
  starttls: { kind: 'certificate', translate: addressed('certificate', { starttls: 'smtp' }) },
  icmp: { kind: 'icmp', translate: addressed('icmp') },
  dns,
  ws: websocket,
  wss: websocket,
  grpc: { kind: 'grpc', translate: addressed('grpc') },
  grpcs: { kind: 'grpc', translate: addressed('grpc', { use_tls: true }) },
  ssh,
}

/** Keys that only change how Gatus shows an endpoint, or runs it. */
const shown = ['ui', 'store', 'always-run']

/** Translates one of `endpoints:`; a remark where it is left out. */
export function endpointOf(endpoint: Fields, providers: Fields, names: Names): Entry | Remark {
  const name = endpoint.text('name') ?? 'unnamed'
  const leftOut = (why: string): Remark => ({
    path: endpoint.path,
    message: `${JSON.stringify(name)} is left out: ${why}`,
  })
  const url = endpoint.text('url') ?? ''
  const hasDns = isMapping(endpoint.take('dns'))
  const [, before = hasDns ? 'dns' : '', rest = url] = /^([a-z]+):\/\/(.*)$/is.exec(url) ?? []
  const written = before.toLowerCase()
  const scheme = Object.hasOwn(schemes, written) ? schemes[written] : undefined
  if (scheme === undefined || !kinds.some(({ key }) => key === scheme.kind))
    return leftOut(`there is no check for ${JSON.stringify(written)} here`)
  const translation = new Translation()
  const group = endpoint.text('group')
  translation.refer(['name'], names.unique(name, group ?? scheme.kind), endpoint.at('name'))
  if (endpoint.take('enabled') === false) translation.set(['enabled'], false, endpoint.at('enabled'))
  scheme.translate(rest, endpoint, translation)
  translation.set(
    ['interval'],
    goDuration(endpoint.text('interval') ?? '60s') ?? '60s',
    endpoint.at('interval'),
  )
  translateClient(endpoint.below('client'), scheme.kind, translation)
  translateConditions(endpoint, { translation, kind: scheme.kind })
  fitTimeout(translation, endpoint.at('interval'))
  translateAlerts(endpoint, providers, translation)
  const extra = endpoint.below('extra-labels')
  const labels = extra.keys.map((key) => [key, extra.text(key) ?? ''] as const)
  setLabels(
    translation,
    [...(group === undefined ? [] : [['group', group] as const]), ...labels],
    endpoint.path,
  )
  if (endpoint.take('maintenance-windows') !== undefined)
    translation.lose(endpoint.at('maintenance-windows'), 'write maintenance: docs/targets.md')
  for (const key of shown) endpoint.take(key)
  for (const path of translation.unsaid(endpoint.left()))
    translation.lose(path, `has no effect for ${scheme.kind} here`)
  const { dialogue } = translation.keys
  const keys = isMapping(dialogue)
    ? { ...translation.keys, dialogue: Object.values(dialogue) }
    : translation.keys
  return { keys, remarks: [...translation.lost, ...translation.notes] }
}
