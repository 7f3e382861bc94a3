import type { Translation } from '../shared/translation.ts'
import type { Fields } from '../shared/fields.ts'

/** Resolves a path of blackbox.yml: it is relative to the file. */
export type PathOf = (path: string) => string

/** What a kind of prober is translated with. */
export interface Translating {
  readonly translation: Translation
  readonly pathOf: PathOf
}

/** `preferred_ip_protocol` and `ip_protocol_fallback`: IPv6 first where nothing is said. */
export function translateIpProtocol(fields: Fields, translation: Translation): void {
  translation.set(
    ['ip_protocol'],
    fields.text('preferred_ip_protocol') ?? 'ip6',
    fields.at('preferred_ip_protocol'),
  )
  translation.set(
    ['ip_protocol_fallback'],
    fields.take('ip_protocol_fallback'),
    fields.at('ip_protocol_fallback'),
  )
  const source = fields.text('source_ip_address')
  if (source !== undefined && source !== '')
    translation.lose(fields.at('source_ip_address'), 'the system chooses the address that is connected from')
}

const tlsTexts = ['ca', 'cert', 'key', 'server_name', 'min_version', 'max_version'] as const
const tlsFiles = ['ca_file', 'cert_file', 'key_file'] as const

/** `tls_config`, which Prometheus and its exporters share. */
export function translateTls(fields: Fields, { translation, pathOf }: Translating): void {
  if (!fields.has('tls_config')) return
  const tls = fields.below('tls_config')
  if (tls.take('insecure_skip_verify') === true)
    translation.set(['tls', 'verify'], false, tls.at('insecure_skip_verify'))
  for (const key of tlsTexts) {
    const text = tls.text(key)
    if (text !== undefined && text !== '') translation.set(['tls', key], text, tls.at(key))
  }
  for (const key of tlsFiles) {
    const path = tls.text(key)
    if (path !== undefined && path !== '') translation.set(['tls', key], pathOf(path), tls.at(key))
  }
}

/** A secret that is written, or that stands in a file. */
export function secretText(
  fields: Fields,
  key: string,
  { translation, pathOf }: Translating,
): string | undefined {
  const file = fields.text(`${key}_file`)
  const text = fields.text(key)
  if (file !== undefined && text !== undefined)
    translation.lose(fields.at(`${key}_file`), `${key} is set too: keep one of them`)
  if (file !== undefined && file !== '') return `\${file:${pathOf(file)}}`
  return text?.replaceAll('${', () => '$${')
}
