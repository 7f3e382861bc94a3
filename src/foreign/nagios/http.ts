import { RE2JS } from 're2js'
import { checkRequestHeaderName } from '../../checks/http/settings/values.ts'
import { formatAddress } from '../../net/address.ts'
import { ValueError } from '../../settings/values/value.ts'
import { quoteRegex } from '../shared/regex.ts'
import { setCertificateDays, setTimes, setIpProtocol } from './common.ts'
import type { CheckLine } from './line.ts'
import type { OptionTable } from './options.ts'

/**
 * The options of check_http, and of check_curl, which has more.
 *
 * Source: https://www.monitoring-plugins.org/doc/man/check_http.html, check_curl.html
 */
export const httpOptions: OptionTable = {
  short: 'H:I:u:p:t:w:c:a:b:d:s:e:r:R:lf:C:J:K:A:k:NM:T:m:46S::P:j:LnEBDx:',
  long: {
    ...{
      hostname: 'H',
      'IP-address': 'I',
      uri: 'u',
      url: 'u',
      port: 'p',
      timeout: 't',
      warning: 'w',
      critical: 'c',
    },
    ...{
      authorization: 'a',
      'proxy-authorization': 'b',
      proxy: 'x',
      'header-string': 'd',
      string: 's',
      expect: 'e',
    },
    ...{
      regex: 'r',
      ereg: 'r',
      eregi: 'R',
      linespan: 'l',
      onredirect: 'f',
      certificate: 'C',
      'client-cert': 'J',
    },
    ...{
      'private-key': 'K',
      useragent: 'A',
      header: 'k',
      'no-body': 'N',
      'max-age': 'M',
      'content-type': 'T',
    },
    ...{
      pagesize: 'm',
      'use-ipv4': '4',
      'use-ipv6': '6',
      ssl: 'S',
      post: 'P',
      method: 'j',
      link: 'L',
      nohtml: 'n',
    },
    ...{
      'extended-perfdata': 'E',
      'show-body': 'B',
      'verify-cert': 'D',
      sni: 'sni',
      'invert-regex': 'invert-regex',
    },
    ...{
      'continue-after-certificate': 'continue-after-certificate',
      'state-regex': 'state-regex',
      'ca-cert': 'ca-cert',
    },
    ...{ 'max-redirs': 'max-redirs', 'timeout-result': 'timeout-result', 'http-version': 'http-version' },
  },
  valued: ['state-regex', 'ca-cert', 'max-redirs', 'timeout-result', 'http-version'],
}

/** Options that change nothing but what is printed, or that are always so here. */
const silent = ['L', 'n', 'E', 'B', 'N', 'sni', 'timeout-result']

export function translateHttp(line: CheckLine): string | undefined {
  const [vhost, address] = [line.text('H'), line.text('I')]
  const host = address ?? vhost ?? line.rest(0)
  if (host === undefined) return 'it names no host'
  const isTls = line.has('S') || line.has('C')
  const path = line.text('u') ?? '/'
  const port = Number(line.text('p') ?? (isTls ? 443 : 80))
  const authority = formatAddress({ host, port })
  const days = line.text('C')
  if (days !== undefined && !line.has('continue-after-certificate')) {
    line.put(['certificate'], authority)
    if (vhost !== undefined && vhost !== host) line.put(['tls', 'server_name'], vhost)
    setCertificateDays(line, days)
    return undefined
  }
  if (days !== undefined) setCertificateDays(line, days)
  const isDefault = port === (isTls ? 443 : 80)
  const ofHost = isDefault ? authority.replace(/:\d+$/, '') : authority
  // Before there were options for it, a proxy was asked in this way.
  if (/^https?:\/\//i.test(path)) {
    line.put(['url'], path)
    line.put(['proxy'], `http://${authority}`)
  } else line.put(['url'], `${isTls ? 'https' : 'http'}://${ofHost}${path.startsWith('/') ? '' : '/'}${path}`)
  if (vhost !== undefined && vhost !== host && !/^https?:\/\//i.test(path)) {
    line.put(['headers', 'Host'], vhost)
    if (isTls) line.put(['tls', 'server_name'], vhost.replace(/:\d+$/, ''))
  }
  if (isTls && !line.has('D')) {
    line.set(['tls', 'verify'], false)
    line.note('-S', 'the certificate is not verified, as before: remove tls.verify to verify it')
  }
  translateRequest(line)
  translateStatus(line)
  translateBody(line)
  setTimes(line)
  setIpProtocol(line)
  for (const key of silent) line.has(key)
  return undefined
}

/** Names of headers whose values are secrets. */
const secretHeader = /authorization|cookie|token|key|secret/i

function translateRequest(line: CheckLine): void {
  const post = line.text('P')
  const method = line.text('j') ?? (post === undefined ? undefined : 'POST')
  if (method !== undefined) line.set(['method'], method.toUpperCase())
  if (post !== undefined) {
    line.put(['body'], post)
    line.put(['headers', 'Content-Type'], line.text('T') ?? 'application/x-www-form-urlencoded')
  }
  const agent = line.text('A')
  if (agent !== undefined) line.put(['headers', 'User-Agent'], agent)
  for (const header of line.texts('k')) {
    const [, name = '', value = ''] = /^([^:]+):\s*(.*)$/s.exec(header) ?? []
    try {
      checkRequestHeaderName(name)
      if (secretHeader.test(name)) line.putSecret(['headers', name], value, name)
      else line.put(['headers', name], value)
    } catch (error) {
      if (!(error instanceof ValueError)) throw error
      line.lose('-k', error.message)
    }
  }
  const login = line.text('a')
  if (login !== undefined) {
    const [, user = login, password = ''] = /^([^:]*):(.*)$/s.exec(login) ?? []
    line.put(['auth', 'basic', 'username'], user)
    line.putSecret(['auth', 'basic', 'password'], password, 'password')
  }
  for (const [ours, theirs] of [
    ['cert_file', 'J'],
    ['key_file', 'K'],
    ['ca_file', 'ca-cert'],
  ] as const) {
    const file = line.text(theirs)
    if (file !== undefined) line.put(['tls', ours], file)
  }
}

/** What happens at a redirect. */
interface Redirect {
  readonly follow: boolean
  readonly status: readonly string[]
}

/** A redirect is as good as any answer. */
const usualRedirect: Redirect = { follow: false, status: ['2xx', '3xx'] }
const failing: Redirect = { follow: false, status: ['2xx'] }
const followed: Redirect = { follow: true, status: ['2xx'] }

/** By the value of `-f`. */
const redirects: Readonly<Record<string, Redirect>> = {
  ...{ ok: usualRedirect, warning: failing, critical: failing },
  ...{ follow: followed, sticky: followed, stickyport: followed },
}

function translateStatus(line: CheckLine): void {
  const action = line.text('f') ?? 'ok'
  const { follow, status } = (Object.hasOwn(redirects, action) && redirects[action]) || usualRedirect
  if (action.startsWith('sticky')) line.note('-f', 'a redirect may lead to another host')
  const expected = line.text('e')
  line.set(['follow_redirects'], expected === undefined && follow)
  const codes = (expected ?? '')
    .split(',')
    .map((text) => /(?:^|\s)([1-5]\d\d)(?:\s|$)/.exec(text.trim())?.[1])
  if (expected === undefined) line.set(['expect', 'status'], status)
  else if (codes.every((code) => code !== undefined)) line.set(['expect', 'status'], codes.map(Number))
  else {
    line.set(['expect', 'status'], ['100-599'])
    line.lose('-e', 'only the code of a status can be expected: write expect.status')
  }
}

function translateBody(line: CheckLine): void {
  const texts = line.texts('s')
  if (texts.length > 0) line.set(['expect', 'body', 'contains'], texts)
  const [sensitive, insensitive] = [line.text('r'), line.text('R')]
  const regex = sensitive ?? insensitive
  if (regex !== undefined) {
    const flags = `${line.has('l') ? 's' : 'm'}${sensitive === undefined ? 'i' : ''}`
    const rule = line.has('invert-regex') ? 'not_matches' : 'matches'
    if (isRegex(regex)) line.set(['expect', 'body', rule], `(?${flags})${regex}`)
    else line.lose('-r', 'is not a regex of RE2: write expect.body.matches')
  }
  for (const header of line.texts('d')) {
    const [, name = '', value = ''] = /^([A-Za-z0-9-]+):\s*(.*)$/s.exec(header) ?? []
    if (name === '') line.lose('-d', 'write expect.headers with the name of the header')
    else line.set(['expect', 'headers', name], quoteRegex(value))
  }
  const [, least, most] = /^(\d*)(?::(\d*))?$/.exec(line.text('m') ?? '') ?? []
  if (most !== undefined && most !== '') line.set(['expect', 'max_body'], `${most}B`)
  if (least !== undefined && Number(least) > 0)
    line.lose('-m', 'that a body is not too small cannot be expected')
}

function isRegex(source: string): boolean {
  try {
    RE2JS.compile(source)
    return true
  } catch {
    return false
  }
}
