import { isMapping, type Mapping } from '../../config/document/parts.ts'
import { Translation, type Remark } from '../shared/translation.ts'
import type { Fields } from '../shared/fields.ts'
import { referHeader } from '../shared/headers.ts'
import { kinds } from '../../checks/index.ts'
import { setLabels } from '../shared/labels.ts'
import { fitTimeout, goDuration } from '../shared/times.ts'
import type { Entry, Names } from '../shared/render.ts'
import { translateAlerts, type Alerting } from './alerts.ts'
import { translateClient } from './client.ts'
import { translateConditions } from './conditions.ts'
import { windowOf } from './maintenance.ts'
import { translateSsh, translateTcp, translateUdp } from './sockets.ts'
import { web, type Scheme } from './web.ts'

const addressed =
  (kind: string, more: Mapping = {}): Scheme['translate'] =>
  (rest, endpoint, translation) => {
    translation.refer([kind], rest.replace(/\/.*$/, ''), endpoint.at('url'))
    for (const [key, value] of Object.entries(more)) translation.set([key], value, endpoint.at('url'))
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

const schemes: Readonly<Record<string, Scheme>> = {
  http: web,
  https: web,
  tcp: { kind: 'tcp', translate: translateTcp },
  udp: { kind: 'udp', translate: translateUdp },
  tls: { kind: 'certificate', translate: addressed('certificate') },
  starttls: { kind: 'certificate', translate: addressed('certificate', { starttls: 'smtp' }) },
  icmp: { kind: 'icmp', translate: addressed('icmp') },
  dns,
  ws: websocket,
  wss: websocket,
  grpc: { kind: 'grpc', translate: addressed('grpc') },
  grpcs: { kind: 'grpc', translate: addressed('grpc', { use_tls: true }) },
  ssh: { kind: 'ssh', translate: translateSsh },
}

/** Keys that only change how Gatus shows an endpoint, or runs it. */
const shown = ['ui', 'store', 'always-run']

/** Translates one of `endpoints:`; a remark where it is left out. */
export function endpointOf(endpoint: Fields, alerting: Alerting, names: Names): Entry | Remark {
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
  if (written === 'udp' && (endpoint.text('body') ?? '') === '')
    return leftOut('without a body nothing is sent, so that nothing can fail: write a udp target with send:')
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
  translateAlerts(endpoint, alerting, translation)
  const extra = endpoint.below('extra-labels')
  const labels = extra.keys.map((key) => [key, extra.text(key) ?? ''] as const)
  setLabels(
    translation,
    [...(group === undefined ? [] : [['group', group] as const]), ...labels],
    endpoint.path,
  )
  translateMaintenance(endpoint, translation)
  for (const key of shown) endpoint.take(key)
  for (const path of translation.unsaid(endpoint.left()))
    translation.lose(path, `has no effect for ${scheme.kind} here`)
  const { dialogue } = translation.keys
  const keys = isMapping(dialogue)
    ? { ...translation.keys, dialogue: Object.values(dialogue) }
    : translation.keys
  return { keys, remarks: [...translation.lost, ...translation.notes] }
}

function translateMaintenance(endpoint: Fields, translation: Translation): void {
  const windows = endpoint.items('maintenance-windows').flatMap((maintenance) => {
    const window = windowOf(maintenance)
    if (window === undefined) translation.lose(maintenance.path, 'write maintenance: docs/targets.md')
    return window === undefined || window === 'off' ? [] : [window]
  })
  if (windows.length > 0) translation.set(['maintenance'], windows, endpoint.at('maintenance-windows'))
}
