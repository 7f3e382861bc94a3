import { describe, expect, it } from 'vitest'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { loadConfig } from '../../../src/config/load/load.ts'
import { foreignFormats } from '../../../src/foreign/index.ts'
import { tempFolder } from '../../support/temp-folder.ts'

/** A target for each prober that does not take a host and a port. */
const targets: Readonly<Record<string, string>> = {
  http: 'http://a.example/',
  icmp: 'a.example',
  unix: '/run/a.sock',
}

/** Why a module cannot be used; nothing where it can. */
async function refusalOf(prober: string, settings: object): Promise<string | undefined> {
  const folder = await tempFolder()
  const modules = { it: { prober, [prober]: settings } }
  for (const name of ['body.txt', 'token']) await writeFile(join(folder, name), 'abc')
  await writeFile(join(folder, 'blackbox.yml'), JSON.stringify({ modules }))
  await writeFile(join(folder, 'targets.yml'), 'modules_from: blackbox.yml\ntargets: []\n')
  const config = await loadConfig(join(folder, 'targets.yml'), { env: {}, foreign: foreignFormats })
  try {
    config.adHoc(targets[prober] ?? 'a.example:53', 'it')
    return undefined
  } catch (error) {
    return (error as Error).message.replace(/^.*cannot be used: \S+ modules\.it\./, '')
  }
}

// The kinds of forms in the configurations that blackbox_exporter is tested with, and in its example.yml.
describe('a module that blackbox_exporter refuses is refused', () => {
  it.each<[string, string, object, string]>([
    ['a regex', 'http', { fail_if_body_matches_regexp: [':['] }, 'is not a valid RE2 regex'],
    ['a header rule', 'http', { fail_if_header_not_matches: [{ header: 'A' }] }, 'has no regexp'],
    [
      'two bodies',
      'http',
      { body: 'a', body_file: 'body.txt' },
      'http.body_file: body is set too: keep one of them',
    ],
    [
      'two tokens',
      'http',
      { bearer_token: 'a', bearer_token_file: 'token' },
      'bearer_token is set too: keep one of them',
    ],
    [
      'two ways to log in',
      'http',
      { bearer_token: 'a', basic_auth: { username: 'a', password: 'b' } },
      'expected one of basic:',
    ],
    [
      'a coding that is not accepted',
      'http',
      { compression: 'gzip', headers: { 'accEpt-enCoding': 'deflate' } },
      'http.compression: the header Accept-Encoding does not accept gzip',
    ],
    [
      'a coding that is refused',
      'http',
      { compression: 'gzip', headers: { 'Accept-Encoding': '*;q=0.0' } },
      'does not accept gzip',
    ],
    [
      'an expression',
      'http',
      { fail_if_body_json_matches_cel: 'body.a ==' },
      'is not a valid CEL expression: Unexpected token: EOF',
    ],
    ['a query without a name', 'dns', { query_type: 'A' }, 'is missing: the name to ask for'],
    ['a class', 'dns', { query_name: 'a.example', query_class: 'X' }, 'queries always use the class IN'],
    ['a type', 'dns', { query_name: 'a.example', query_type: 'X' }, 'dns.query_type: expected A, NS'],
    ['an unknown key', 'dns', { query_name: 'a.example', extra: 1 }, 'dns.extra: is not supported here'],
    ['a time to live', 'icmp', { ttl: 256 }, 'expected a whole number from 1 to 255'],
    [
      'a conversation',
      'unix',
      { query_response: [{ expect: ':[' }] },
      'query_response[0].expect: ":[" is not a valid RE2 regex',
    ],
  ])('%s', async (_name, prober, settings, message) => {
    expect(await refusalOf(prober, settings)).toContain(message)
  })

  it('whatever its prober is called', async () => {
    expect(await refusalOf('invalid', {})).toContain('the prober "invalid" is not supported here')
  })
})

describe('a module that blackbox_exporter accepts can be used', () => {
  it.each<[string, string, object]>([
    ['nothing', 'http', {}],
    [
      'a coding that is accepted',
      'http',
      { compression: 'gzip', headers: { 'Accept-Encoding': 'br;q=0.1, gzip' } },
    ],
    ['any coding', 'http', { compression: 'br', headers: { 'Accept-Encoding': '*' } }],
    ['an expression', 'http', { fail_if_body_json_not_matches_cel: "body.foo == 'bar'" }],
    ['a proxy', 'http', { proxy_url: 'http://127.0.0.1:3128', skip_resolve_phase_with_proxy: true }],
    ['a SOCKS5 proxy', 'http', { proxy_url: 'socks5://127.0.0.1:1080' }],
    ['a body in a file', 'http', { method: 'POST', body_file: 'body.txt' }],
    ['bytes', 'tcp', { query_response: [{ send: 'a', expect_bytes: 'S' }, { starttls: true }] }],
    ['a conversation', 'unix', { query_response: [{ send: 'PING' }, { expect: 'PONG' }] }],
  ])('%s', async (_name, prober, settings) => {
    expect(await refusalOf(prober, settings)).toBeUndefined()
  })
})
