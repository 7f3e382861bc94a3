import { isMapping } from '../../config/document/parts.ts'
import { Fields } from '../shared/fields.ts'
import { referHeader } from '../shared/headers.ts'
import { translateAuth } from './auth.ts'
import { pairsOf, put, putSecret, type Part } from './part.ts'
import { translateTests } from './tests.ts'

const secretHeader = /authorization|cookie|token|key|secret/i

/** Translates a request and its tests. */
export function translateRequest(part: Part): void {
  const { item, request, translation } = part
  put(part, ['url'], urlOf(request), request.at('url'))
  const method = (request.text('method') ?? 'GET').toUpperCase()
  if (method !== 'GET') translation.set(['method'], method, request.at('method'))
  if (!['GET', 'HEAD', 'OPTIONS'].includes(method))
    translation.note(
      request.at('method'),
      `a ${method} is made in every interval: make sure that it does no harm`,
    )
  translateHeaders(part)
  translateBody(part)
  translateAuth(part)
  const behaviour = item.below('protocolProfileBehavior')
  if (behaviour.take('followRedirects') === false)
    translation.set(['follow_redirects'], false, behaviour.at('followRedirects'))
  if (behaviour.take('strictSSL') === false)
    translation.set(['tls', 'verify'], false, behaviour.at('strictSSL'))
  for (const event of item.items('event')) {
    if (event.text('listen') === 'test') translateTests(event, part)
    else if (
      event
        .below('script')
        .list('exec')
        .some((line) => String(line).trim() !== '')
    )
      translation.lose(event.at('script'), 'a script before the request is not run')
  }
}

/** The URL as it is written: a text, or a mapping with `raw`, and values of `:name` in the path. */
function urlOf(request: Fields): string {
  const written = request.take('url')
  const url = isMapping(written) ? new Fields(written, request.at('url')) : undefined
  const raw = url?.text('raw') ?? (url ? assembled(url) : (request.text('url') ?? ''))
  const values = new Map(pairsOf(url?.items('variable') ?? []).map(({ key, value }) => [key, value]))
  const filled = raw.replaceAll(
    /(?<=\/):([\w-]+)(?=[/?#]|$)/g,
    (name, key: string) => values.get(key) || name,
  )
  return /^(?:\w+:\/\/|\{\{)/.test(filled) ? filled : `http://${filled}`
}

function assembled(url: Fields): string {
  const [protocol, port] = [url.text('protocol'), url.text('port')]
  const path = url.list('path').map(String).join('/')
  const query = pairsOf(url.items('query')).map(({ key, value }) => `${key}=${value}`)
  return [
    protocol === undefined ? '' : `${protocol}://`,
    url.list('host').map(String).join('.'),
    port === undefined ? '' : `:${port}`,
    `/${path}`,
    query.length === 0 ? '' : `?${query.join('&')}`,
  ].join('')
}

function translateHeaders(part: Part): void {
  const { request, translation, variables, captured } = part
  if (!Array.isArray(request.take('header'))) return
  for (const { key, value, at } of pairsOf(request.items('header'))) {
    if (secretHeader.test(key)) putSecret(part, ['headers', key], value, at)
    else referHeader(translation, key, variables.refer(value, captured), at)
  }
}

const contentTypes: Readonly<Record<string, string>> = {
  json: 'application/json',
  xml: 'application/xml',
  html: 'text/html',
  javascript: 'application/javascript',
}

function translateBody(part: Part): void {
  const { request, translation } = part
  const body = request.below('body')
  const mode = body.text('mode')
  if (mode === undefined || body.take('disabled') === true) return
  const at = body.at(mode)
  if (mode === 'raw' && (body.text('raw') ?? '') !== '') {
    put(part, ['body'], body.text('raw') ?? '', at)
    setType(part, contentTypes[body.below('options').below('raw').text('language') ?? ''], at)
  } else if (mode === 'urlencoded') {
    const pairs = pairsOf(body.items('urlencoded')).map(({ key, value }) =>
      [key, value].map(encoded).join('='),
    )
    put(part, ['body'], pairs.join('&'), at)
    setType(part, 'application/x-www-form-urlencoded', at)
  } else if (mode === 'graphql') {
    const graphql = body.below('graphql')
    const variables = jsonOf(graphql.text('variables') ?? '')
    const query = { query: graphql.text('query') ?? '', ...(isMapping(variables) && { variables }) }
    put(part, ['body'], JSON.stringify(query), at)
    setType(part, 'application/json', at)
  } else if (mode !== 'raw')
    translation.lose(at, 'files and forms with several parts are not supported: write body:')
}

/** Percent-encoded, apart from variables, whose values are sent as they are. */
function encoded(text: string): string {
  return text
    .split(/(\{\{[^{}]+\}\})/)
    .map((piece, index) => (index % 2 === 1 ? piece : encodeURIComponent(piece.toWellFormed())))
    .join('')
}

function setType({ translation }: Part, type: string | undefined, at: Fields['path']): void {
  const headers = Object.keys(translation.keys['headers'] ?? {})
  if (type !== undefined && !headers.some((name) => name.toLowerCase() === 'content-type'))
    translation.set(['headers', 'Content-Type'], type, at)
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}
