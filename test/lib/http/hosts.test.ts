import { once } from 'node:events'
import { connect } from 'node:net'
import { hostname } from 'node:os'
import { expect, it } from 'vitest'
import { onlyForKnownHosts, type KnownHosts } from '../../../src/lib/http/hosts.ts'
import { listenHttp } from '../../../src/lib/http/listen.ts'
import { atEnd } from '../../support/at-end.ts'

/** What a server answers to a request with these lines. */
async function ask(lines: readonly string[], known: KnownHosts = {}, version = '1.1'): Promise<string> {
  const handler = onlyForKnownHosts((_request, response) => response.end('hello'), known)
  const server = await listenHttp(handler, { host: '127.0.0.1', port: 0 })
  atEnd(() => server.stop())
  const socket = connect(Number(new URL(server.url).port), '127.0.0.1')
  socket.end([`GET / HTTP/${version}`, ...lines, 'Connection: close', '', ''].join('\r\n'))
  const [chunks] = await Promise.all([socket.setEncoding('utf8').toArray(), once(socket, 'close')])
  return chunks.join('')
}

const configured = {
  allowedHosts: ['exporter', '*.internal'],
  externalUrl: new URL('https://Status.Example.com/probity/'),
}

it.each([
  '127.0.0.1:9740',
  '203.0.113.7',
  '[::1]:9740',
  'localhost',
  'LOCALHOST:80',
  'localhost.',
  'probity.localhost:9740',
  hostname(),
  'exporter:9740',
  'a.b.internal',
  'status.example.com',
])('answers as %s', async (host) => {
  expect(await ask([`Host: ${host}`], configured)).toMatch(/^HTTP\/1\.1 200 [^]*hello/)
})

it.each([
  'evil.example',
  'evil.example:9740',
  'localhost.evil.example',
  'exporter.evil.example',
  '127.0.0.1.evil.example',
  'evil-internal',
  'internal',
  'a.b.c.d',
])('does not answer as %j', async (host) => {
  const answer = await ask([`Host: ${host}`], configured)
  expect(answer).toMatch(/^HTTP\/1\.1 421 /)
  expect(answer).toContain(`${JSON.stringify(host)} is not a known name of this server: list it in`)
  expect(answer).not.toContain('hello')
})

it.each([
  '[',
  '[::1].evil.example',
  'a:b:c',
  'a b',
  'user@localhost',
  'localhost/x',
  'localhost:99999',
  '127.0.0.1.5',
  '',
])('answers 400 to %j', async (host) => {
  expect(await ask([`Host: ${host}`], configured)).toMatch(
    /^HTTP\/1\.1 400 [^]*expected a host, or host:port\n/,
  )
})

it('does not echo a long name', async () => {
  expect((await ask([`Host: ${'a'.repeat(5000)}`])).length).toBeLessThan(600)
})

it('refuses two hosts, and answers a client that names none', async () => {
  expect(await ask(['Host: localhost', 'Host: evil.example'])).toMatch(/^HTTP\/1\.1 400 [^]*names two hosts/)
  expect(await ask([], {}, '1.0')).toMatch(/^HTTP\/1\.1 200 /)
})
