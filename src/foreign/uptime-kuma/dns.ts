import { formatAddress } from '../../net/address.ts'
import { isMapping } from '../../config/document/parts.ts'
import { quoteRegex } from '../shared/regex.ts'
import type { Fields } from '../shared/fields.ts'
import type { Translation } from '../shared/translation.ts'
import { hasOwnPort } from './request.ts'

/** Where nothing is written. */
const usualResolver = '1.1.1.1'

/** Translates a monitor that asks a name server. */
export function translateDns(monitor: Fields, translation: Translation): void {
  translation.set(['dns'], monitor.text('hostname'), monitor.at('hostname'))
  const type = monitor.text('dns_resolve_type') ?? 'A'
  translation.set(['type'], type, monitor.at('dns_resolve_type'))
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
  translateConditions(monitor, type, translation)
}

/** Types of records whose text ends with what is compared. */
const comparable = new Set(['A', 'AAAA', 'CNAME', 'MX', 'NS', 'PTR', 'SRV'])

/** What matches the text of a record, which ends with what is compared. */
const sources: Readonly<Record<string, (value: string) => string>> = {
  equals: (value) => `[\\t ]${value}\\.?$`,
  contains: (value) => `${value}[^\\t ]*$`,
  starts_with: (value) => `[\\t ]${value}[^\\t ]*$`,
  ends_with: (value) => `${value}\\.?$`,
}

/** One condition, or one of several, must be true of one of the records. */
function translateConditions(monitor: Fields, type: string, translation: Translation): void {
  const conditions = monitor.list('conditions')
  if (conditions.length === 0) return
  const at = monitor.at('conditions')
  const patterns = conditions.map((condition, index) => {
    if (!isMapping(condition) || condition['type'] !== 'expression' || condition['variable'] !== 'record')
      return undefined
    const { operator, value, andOr } = condition
    const source =
      typeof operator === 'string' && Object.hasOwn(sources, operator) ? sources[operator] : undefined
    return source && typeof value === 'string' && value !== '' && (index === 0 || andOr === 'or')
      ? source(quoteRegex(value))
      : undefined
  })
  const known = patterns.filter((pattern) => pattern !== undefined)
  if (comparable.has(type) && known.length === patterns.length)
    translation.set(['expect', 'answer', 'matches_one'], known, at)
  else
    translation.lose(
      at,
      'only "equals", "contains", "starts with" and "ends with", joined by "or", can be expected of a record',
    )
}
