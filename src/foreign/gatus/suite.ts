import { isMapping, type Mapping } from '../../config/document/parts.ts'
import { Fields } from '../shared/fields.ts'
import { setLabels } from '../shared/labels.ts'
import type { Entry, Names } from '../shared/render.ts'
import { fitTimeout, goDuration } from '../shared/times.ts'
import { Translation, type Remark } from '../shared/translation.ts'
import { translateClient } from './client.ts'
import { translateConditions } from './conditions.ts'
import { jsonPath } from './document.ts'
import { web } from './web.ts'

/** Where nothing is said. */
const usual = { interval: '10m', timeout: '5m' } as const

const reference = /\[CONTEXT\]\.([A-Za-z_][\w-]*(?:\.[A-Za-z_][\w-]*)*)/g

/** Translates one of `suites:` to a target with steps; a remark where it is left out. */
export function suiteOf(suite: Fields, names: Names): Entry | Remark {
  const name = suite.text('name') ?? 'unnamed'
  const leftOut = (why: string): Remark => ({
    path: suite.path,
    message: `${JSON.stringify(name)} is left out: ${why}`,
  })
  const written = suite.items('endpoints')
  if (!written.every((one) => /^https?:\/\//i.test(one.text('url') ?? '')))
    return leftOut('only steps over HTTP are supported here')
  if (written.length === 0 || written.length > 50) return leftOut('it has no endpoints, or more than 50')
  const translation = new Translation()
  const group = suite.text('group')
  translation.refer(['name'], names.unique(name, group ?? 'suite'), suite.at('name'))
  if (suite.take('enabled') === false) translation.set(['enabled'], false, suite.at('enabled'))
  for (const [key, byDefault] of Object.entries(usual))
    translation.set([key], goDuration(suite.text(key) ?? byDefault) ?? byDefault, suite.at(key))
  fitTimeout(translation, suite.at('timeout'))
  if (group !== undefined) setLabels(translation, [['group', group]], suite.at('group'))
  const context = suite.below('context')
  const stored = new Map<string, string>()
  const remarks: Remark[] = []
  const steps = written.map((endpoint, index) => stepOf(endpoint, { index, context, stored, remarks }))
  for (const path of translation.unsaid(suite.left().filter(({ length }) => length <= 3)))
    translation.lose(path, 'is not supported here')
  return {
    keys: { ...translation.keys, steps },
    remarks: [...translation.lost, ...translation.notes, ...remarks],
  }
}

interface Around {
  readonly index: number
  /** Values that are there from the beginning. */
  readonly context: Fields
  /** Our names of values that earlier steps have stored, by theirs. */
  readonly stored: Map<string, string>
  readonly remarks: Remark[]
}

function stepOf(written: Fields, { index, context, stored, remarks }: Around): Mapping {
  const translation = new Translation()
  const endpoint = new Fields(filledIn(written, context, stored), written.path)
  const name = endpoint.text('name') ?? 'step'
  const plain = name.replaceAll(/[^A-Za-z0-9_.-]+/g, '-').slice(0, 50)
  // Names of steps are different: the number of the step makes them so.
  translation.set(['name'], plain === name ? name : `${index + 1}-${plain}`, endpoint.at('name'))
  web.translate('', endpoint, translation)
  translateClient(endpoint.below('client'), 'url', translation)
  translateConditions(endpoint, { translation, kind: 'url' })
  if (endpoint.take('always-run') === true) translation.set(['always'], true, endpoint.at('always-run'))
  const store = endpoint.below('store')
  for (const key of store.keys) {
    const [, path] = /^\[BODY\]((?:\.|\[).+)$/.exec(store.text(key) ?? '') ?? []
    const variable = key.replaceAll(/\W/g, '_')
    if (path === undefined || !/^[A-Za-z_]/.test(variable)) {
      translation.lose(store.at(key), 'only a value of the JSON body can be captured')
      continue
    }
    translation.set(['capture', variable, 'json'], jsonPath(path), store.at(key))
    stored.set(key, variable)
  }
  if (endpoint.take('alerts') !== undefined)
    translation.note(
      endpoint.at('alerts'),
      'all steps have the alerts of the target: write alert_after: and notify: there',
    )
  for (const key of ['ui', 'interval', 'group', 'enabled']) endpoint.take(key)
  const { expect, ...keys } = translation.keys
  const { max_latency: latency, certificate_days: days, ...rules } = isMapping(expect) ? expect : {}
  if (days !== undefined)
    translation.lose(endpoint.at('conditions'), 'certificate_days is a key of the target')
  if (latency !== undefined)
    translation.note(endpoint.at('conditions'), 'a response that is slow is a failure of the step')
  for (const path of translation.unsaid(endpoint.left())) translation.lose(path, 'is not supported here')
  remarks.push(...translation.lost, ...translation.notes)
  return { ...keys, expect: rules }
}

/** An endpoint with values of the context, and with `{{name}}` where an earlier step stores one. */
function filledIn(endpoint: Fields, context: Fields, stored: ReadonlyMap<string, string>): unknown {
  const fill = (value: unknown): unknown => {
    if (typeof value === 'string')
      return value.replaceAll(reference, (whole, key: string) => {
        const variable = stored.get(key)
        return variable === undefined ? (context.text(key) ?? whole) : `{{${variable}}}`
      })
    if (Array.isArray(value)) return value.map(fill)
    return isMapping(value)
      ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, fill(item)]))
      : value
  }
  return Object.fromEntries(
    endpoint.keys.map((key) => [key, key === 'store' ? endpoint.take(key) : fill(endpoint.take(key))]),
  )
}
