import type { Path } from '../../settings/path.ts'
import { escapeExpansions } from '../../settings/secrets.ts'
import { parseSize } from '../../settings/values/size.ts'
import type { Fields } from '../shared/fields.ts'
import { referHeader } from '../shared/headers.ts'
import { secretText, translateIpProtocol, translateTls, type Translating } from './shared.ts'

/** Translates an `http:`. */
export function translateHttp(fields: Fields, context: Translating): void {
  const { translation, pathOf } = context
  const status = fields.list('valid_status_codes')
  translation.set(['expect', 'status'], status.length > 0 ? status : ['2xx'], fields.at('valid_status_codes'))
  translation.set(['method'], fields.text('method'), fields.at('method'))
  translateHeaders(fields, context)
  translation.set(['body'], fields.text('body'), fields.at('body'))
  const bodyFile = fields.text('body_file')
  if (bodyFile !== undefined && fields.has('body'))
    translation.lose(fields.at('body_file'), 'body is set too: keep one of them')
  if (bodyFile !== undefined)
    translation.refer(['body'], `\${file:${pathOf(bodyFile)}}`, fields.at('body_file'))
  translateRedirects(fields, context)
  translateExpectations(fields, context)
  translateAuth(fields, context)
  translateProxy(fields, context)
  translateTls(fields, context)
  translateIpProtocol(fields, translation)
}

function translateHeaders(fields: Fields, { translation, pathOf }: Translating): void {
  const headers = fields.below('headers')
  for (const name of headers.keys)
    referHeader(translation, name, escapeExpansions(headers.text(name) ?? ''), headers.at(name))
  const more = fields.below('http_headers')
  for (const name of more.keys) {
    const header = more.below(name)
    const texts = [...header.list('values'), ...header.list('secrets')].map(String)
    const files = header.list('files').map((file) => `\${file:${pathOf(String(file))}}`)
    if (texts.length + files.length > 1)
      translation.lose(header.path, 'a header can have only one value: only the last one would be sent')
    else if (files[0] !== undefined) translation.refer(['headers', name], files[0], header.path)
    else translation.set(['headers', name], texts[0], header.path)
  }
}

function translateRedirects(fields: Fields, { translation }: Translating): void {
  const follow = fields.take('follow_redirects')
  translation.set(['follow_redirects'], follow, fields.at('follow_redirects'))
  const never = fields.take('no_follow_redirects')
  if (typeof never === 'boolean')
    translation.set(['follow_redirects'], !never, fields.at('no_follow_redirects'))
}

/** What is not there to be expected. */
const unknown: Readonly<Record<string, string>> = {
  enable_http3: 'HTTP/3 is not supported here',
}

function translateExpectations(fields: Fields, { translation }: Translating): void {
  for (const [key, message] of Object.entries(unknown)) {
    const value = fields.take(key)
    if (value !== undefined && value !== false) translation.lose(fields.at(key), message)
  }
  translateSsl(fields, { translation })
  translateVersions(fields, { translation })
  const body = ['expect', 'body']
  const rules = { not_matches: 'fail_if_body_matches_regexp', matches: 'fail_if_body_not_matches_regexp' }
  for (const [ours, theirs] of Object.entries(rules)) {
    const patterns = fields.list(theirs)
    if (patterns.length > 0) translation.set([...body, ours], patterns, fields.at(theirs))
  }
  const cel = { cel: 'fail_if_body_json_not_matches_cel', not_cel: 'fail_if_body_json_matches_cel' }
  for (const [ours, theirs] of Object.entries(cel))
    translation.set(['expect', ours], fields.text(theirs), fields.at(theirs))
  translateHeaderRules(fields, { translation })
  const limit = fields.text('body_size_limit')
  const bytes = limit === undefined || limit === '0' ? undefined : bytesOf(limit)
  if (bytes !== undefined)
    translation.set(['expect', 'max_body'], `${Math.min(bytes, 2 ** 30)}B`, fields.at('body_size_limit'))
  translateCompression(fields, { translation })
}

function translateCompression(fields: Fields, { translation }: Pick<Translating, 'translation'>): void {
  const compression = fields.text('compression') ?? ''
  if (compression === '' || compression === 'identity') return
  const headers = fields.below('headers')
  const name = headers.keys.find((key) => key.toLowerCase() === 'accept-encoding')
  const accepted = name === undefined ? undefined : headers.text(name)
  if (accepted !== undefined && !acceptsCoding(accepted, compression))
    translation.lose(fields.at('compression'), `the header Accept-Encoding does not accept ${compression}`)
  else
    translation.note(
      fields.at('compression'),
      'the answer is decompressed whatever its coding; no compression is not a failure',
    )
}

/** RFC 9110, section 12.5.3. */
function acceptsCoding(accepted: string, coding: string): boolean {
  const weights = new Map(
    accepted.split(',').map((part) => {
      const [name = '', ...parameters] = part.split(';').map((text) => text.trim().toLowerCase())
      const weight = parameters.find((parameter) => parameter.startsWith('q='))
      return [name, weight === undefined ? 1 : Number(weight.slice(2))] as const
    }),
  )
  return (weights.get(coding.toLowerCase()) ?? weights.get('*') ?? 0) > 0
}

/** The units of Go's library for sizes, where a KB has 1024 bytes. */
function bytesOf(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text)
  const binary = text.replace(/^(\d+(?:\.\d+)?)([KMG])i?B$/i, (_all, number: string, unit: string) => {
    const factor = { K: 2 ** 10, M: 2 ** 20, G: 2 ** 30 }[unit.toUpperCase()] ?? 1
    return `${Math.floor(Number(number) * factor)}B`
  })
  return parseSize(binary)
}

function translateSsl(fields: Fields, { translation }: Pick<Translating, 'translation'>): void {
  const rules = { fail_if_ssl: false, fail_if_not_ssl: true }
  const asked = Object.entries(rules).filter(([key]) => (fields.take(key) ?? false) !== false)
  for (const [key, ssl] of asked) {
    if (fields.take(key) !== true) translation.lose(fields.at(key), 'is neither true nor false')
    else translation.set(['expect', 'ssl'], ssl, fields.at(key))
  }
  if (asked.length > 1) translation.lose(fields.at('fail_if_not_ssl'), 'contradicts fail_if_ssl')
}

/** As answers name their version there, and what it is called here. */
const spoken: ReadonlyMap<string, string> = new Map([
  ['HTTP/1.0', '1.0'],
  ['HTTP/1.1', '1.1'],
  ['HTTP/2.0', '2'],
])

function translateVersions(fields: Fields, { translation }: Pick<Translating, 'translation'>): void {
  const versions = fields.list('valid_http_versions').map(String)
  const at = fields.at('valid_http_versions')
  const known = versions.flatMap((version) => spoken.get(version) ?? [])
  if (known.length > 0) translation.set(['expect', 'version'], known, at)
  else if (versions.length > 0) translation.lose(at, 'none of these versions is supported here')
  translation.set(['http2'], fields.take('enable_http2') ?? true, fields.at('enable_http2'))
}

function translateHeaderRules(fields: Fields, { translation }: Pick<Translating, 'translation'>): void {
  const collected = new Map<string, { ours: Path; patterns: string[]; places: Path[] }>()
  const add = (key: string, rule: Fields, pattern: string | undefined): void => {
    if (pattern === undefined) {
      translation.lose(rule.path, 'has no regexp')
      return
    }
    const name = rule.text('header')?.toLowerCase() ?? ''
    const id = `${key} ${name}`
    const entry = collected.get(id) ?? { ours: ['expect', key, name], patterns: [], places: [] }
    entry.patterns.push(pattern)
    entry.places.push(rule.path)
    collected.set(id, entry)
  }
  for (const rule of fields.items('fail_if_header_matches')) {
    // There, it is a failure that a header which must not match is missing.
    if (rule.take('allow_missing') !== true) add('headers', rule, '.*')
    add('not_headers', rule, rule.text('regexp'))
  }
  for (const rule of fields.items('fail_if_header_not_matches')) {
    const key = rule.take('allow_missing') === true ? 'headers_if_present' : 'headers'
    add(key, rule, rule.text('regexp'))
  }
  for (const { ours, patterns, places } of collected.values()) {
    const [first = [], ...more] = places
    const [pattern, ...others] = patterns
    if (others.length === 0) translation.set(ours, pattern, first)
    else translation.set(ours, patterns, more.at(-1)?.slice(0, -1) ?? first)
  }
}

function translateAuth(fields: Fields, context: Translating): void {
  const { translation } = context
  if (fields.has('basic_auth')) {
    const basic = fields.below('basic_auth')
    for (const key of ['username', 'password'])
      translation.refer(['auth', 'basic', key], secretText(basic, key, context) ?? '', basic.path)
  }
  const bearer = secretText(fields, 'bearer_token', context)
  if (bearer !== undefined) translation.refer(['auth', 'bearer'], bearer, fields.at('bearer_token'))
  if (fields.has('authorization')) {
    const authorization = fields.below('authorization')
    const type = authorization.text('type') ?? 'Bearer'
    const credentials = secretText(authorization, 'credentials', context) ?? ''
    if (type.toLowerCase() === 'bearer')
      translation.refer(['auth', 'bearer'], credentials, authorization.path)
    else translation.refer(['headers', 'Authorization'], `${type} ${credentials}`, authorization.path)
  }
  if (fields.has('oauth2')) translateOAuth2(fields.below('oauth2'), context)
}

function translateOAuth2(oauth2: Fields, context: Translating): void {
  const { translation } = context
  const at = ['auth', 'oauth2']
  translation.set([...at, 'token_url'], oauth2.text('token_url'), oauth2.at('token_url'))
  translation.set([...at, 'client_id'], oauth2.text('client_id'), oauth2.at('client_id'))
  const secret = secretText(oauth2, 'client_secret', context)
  if (secret !== undefined) translation.refer([...at, 'client_secret'], secret, oauth2.at('client_secret'))
  const scopes = oauth2.list('scopes')
  if (scopes.length > 0) translation.set([...at, 'scopes'], scopes, oauth2.at('scopes'))
  const parameters = oauth2.below('endpoint_params')
  translation.set([...at, 'audience'], parameters.text('audience'), parameters.at('audience'))
  // It is always this one.
  if (parameters.text('grant_type') === 'client_credentials') return
}

function translateProxy(fields: Fields, { translation }: Translating): void {
  // There, the proxy resolves names in any case.
  const proxy = fields.text('proxy_url')?.replace(/^socks5:/i, 'socks5h:')
  translation.set(['proxy'], proxy, fields.at('proxy_url'))
  if (fields.take('proxy_from_environment') === true)
    translation.set(['proxy'], 'env', fields.at('proxy_from_environment'))
  const hosts = (fields.text('no_proxy') ?? '').split(',').map((host) => host.trim())
  if (hosts[0] !== '') translation.set(['no_proxy'], hosts, fields.at('no_proxy'))
  // With a proxy, the name is always left to it.
  fields.take('skip_resolve_phase_with_proxy')
}
