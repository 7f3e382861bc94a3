import { afterEach, describe, expect, it } from 'vitest'
import { connect } from 'node:net'
import { gzipSync } from 'node:zlib'
import { Registry } from 'prom-client'
import type { Alert, AlertSink } from '../../../src/alerts/alert.ts'
import { notifierApp } from '../../../src/alerts/receiver/app.ts'
import { maxBodyBytes } from '../../../src/alerts/receiver/receiver.ts'
import { listenHttp, type Listening } from '../../../src/lib/http/listen.ts'
import type { RequestLimits } from '../../../src/lib/http/request-limits.ts'
import { createLogger } from '../../../src/lib/logger.ts'
import { anAlert, webhookMessage } from '../../support/alerts/alerts.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const token = 's3cret'
let server: Listening
let taken: Alert[]
let logged: string

async function start(sink: AlertSink = keep, limits?: RequestLimits): Promise<string> {
  taken = []
  logged = ''
  const log = createLogger({ destination: { write: (line: string) => (logged += line) } })
  const app = notifierApp({
    guard: (_request, _response, next) => {
      next()
    },
    token: () => token,
    sink,
    log,
    registry: new Registry(),
    pending: () => [],
    undelivered: () => [],
    ready: () => true,
    receive: () => undefined,
    isKnown: () => false,
    keeping: { notKept: () => [] },
  })
  server = await listenHttp(app, { host: '127.0.0.1', port: 0 }, 100, limits)
  return `${server.url}/api/v1/alerts`
}

function keep(alerts: readonly Alert[]): Promise<void> {
  taken.push(...alerts)
  return Promise.resolve()
}

afterEach(() => server.stop())

interface Post {
  readonly body?: string | Uint8Array<ArrayBuffer>
  readonly headers?: Record<string, string>
}

const goodBody = JSON.stringify(webhookMessage([anAlert()]))

async function post(url: string, { body = goodBody, headers = {} }: Post = {}): Promise<[number, string]> {
  const all = { 'Content-Type': 'application/json', Authorization: `Bearer ${token}`, ...headers }
  const response = await fetch(url, { method: 'POST', body, headers: all })
  return [response.status, await response.text()]
}

describe('the receiver', () => {
  it('answers 200 once the alerts are taken', async () => {
    const url = await start()
    await expect(post(url)).resolves.toEqual([200, 'alerts accepted: 1\n'])
    expect(taken).toEqual([anAlert()])
  })

  it('answers 503 when they are not, so that they are sent again', async () => {
    const url = await start(() => Promise.reject(new Error('disk full')))
    await expect(post(url)).resolves.toEqual([503, 'the alerts could not be stored: try again\n'])
    expect(logged).toContain('alerts refused, Alertmanager will send them again: disk full')
  })

  it('warns when Alertmanager left alerts out', async () => {
    const url = await start()
    await post(url, { body: JSON.stringify({ ...webhookMessage([anAlert()]), truncatedAlerts: 7 }) })
    expect(logged).toContain('"truncatedAlerts":7')
  })

  const problems: [string, Post, number, string][] = [
    ['no secret', { headers: { Authorization: '' } }, 401, 'a bearer token is required'],
    ['basic auth', { headers: { Authorization: 'Basic czNjcmV0' } }, 401, 'a bearer token is required'],
    ['another secret', { headers: { Authorization: 'Bearer s3creT' } }, 401, 'the bearer token is wrong'],
    [
      'a part of the secret',
      { headers: { Authorization: 'Bearer s3cre' } },
      401,
      'the bearer token is wrong',
    ],
    [
      'a form',
      { headers: { 'Content-Type': 'application/x-www-form-urlencoded' } },
      415,
      'the content type must be application/json',
    ],
    [
      'another kind of JSON',
      { headers: { 'Content-Type': 'application/json-patch+json' } },
      415,
      'the content type must be application/json',
    ],
    [
      'another charset',
      { headers: { 'Content-Type': 'application/json; charset=latin1' } },
      415,
      'unsupported charset "LATIN1"',
    ],
    [
      'compressed JSON',
      { body: new Uint8Array(gzipSync(goodBody)), headers: { 'Content-Encoding': 'gzip' } },
      415,
      'content encoding unsupported',
    ],
    ['no JSON', { body: '{"version":' }, 400, 'Unexpected end of JSON input'],
    [
      'an empty body',
      { body: '' },
      400,
      'version: Invalid input: expected "4"; alerts: is missing: expected array',
    ],
    ['other JSON', { body: '{"version":"4"}' }, 400, 'alerts: is missing: expected array'],
    [
      'more than 1 MiB',
      { body: goodBody.padEnd(maxBodyBytes + 1) },
      413,
      'the body must not exceed 1048576 bytes',
    ],
  ]

  it.each(problems)('refuses %s in one line, and takes nothing', async (_name, request, status, line) => {
    const url = await start()
    await expect(post(url, request)).resolves.toEqual([status, `${line}\n`])
    expect(taken).toEqual([])
  })

  it('takes 1 MiB', async () => {
    const url = await start()
    await expect(post(url, { body: goodBody.padEnd(maxBodyBytes) })).resolves.toEqual([
      200,
      'alerts accepted: 1\n',
    ])
  })

  it('takes the content type with its charset, and the scheme in any case', async () => {
    const url = await start()
    const headers = { 'Content-Type': 'application/json; charset=utf-8', Authorization: `bearer ${token}` }
    await expect(post(url, { headers })).resolves.toEqual([200, 'alerts accepted: 1\n'])
  })

  it('refuses a body of unknown length that grows beyond 1 MiB', async () => {
    const url = new URL(await start())
    const socket = connect(Number(url.port), url.hostname)
    let answer = ''
    socket.setEncoding('utf8').on('data', (text) => (answer += String(text)))
    socket.write(
      `POST ${url.pathname} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n` +
        'Content-Type: application/json\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n',
    )
    const chunk = `10000\r\n${' '.repeat(65_536)}\r\n`
    for (let sent = 0; sent <= maxBodyBytes; sent += 65_536) socket.write(chunk)
    socket.write('0\r\n\r\n')
    await new Promise((resolve) => socket.on('close', resolve))
    expect(answer).toMatch(/^HTTP\/1\.1 413 /)
    expect(taken).toEqual([])
  })

  /** Sends what stands at the beginning of a request, and then nothing. */
  function begin(
    url: URL,
    text: string,
  ): { readonly answer: () => string; readonly closed: Promise<unknown> } {
    const socket = connect(Number(url.port), url.hostname)
    let answer = ''
    socket.setEncoding('utf8').on('data', (chunk) => (answer += String(chunk)))
    socket.on('error', () => undefined).write(text)
    return { answer: () => answer, closed: new Promise((resolve) => socket.on('close', resolve)) }
  }

  it.each([
    ['headers', 'POST /api/v1/alerts HTTP/1.1\r\nHost: x\r\n'],
    [
      'a body',
      `POST /api/v1/alerts HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer ${token}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${goodBody.length}\r\n\r\n${goodBody.slice(0, -1)}`,
    ],
  ])('cuts off %s that do not come to their end, and takes nothing', async (_what, text) => {
    const limits = { headersTimeout: 50, requestTimeout: 100, connectionsCheckingInterval: 20 }
    const { answer, closed } = begin(new URL(await start(keep, limits)), text)
    await closed
    expect(answer()).toMatch(/^HTTP\/1\.1 408 /)
    expect(taken).toEqual([])
    expect(logged).not.toContain('request failed')
  })

  it('answers who has no secret before a body comes', async () => {
    const head =
      'Host: x\r\nContent-Type: application/json\r\nContent-Length: 900000\r\nConnection: close\r\n\r\n{'
    const { answer } = begin(new URL(await start()), `POST /api/v1/alerts HTTP/1.1\r\n${head}`)
    await waitFor('the refusal', () => answer().startsWith('HTTP/1.1 401 '))
    expect(taken).toEqual([])
  })

  it.each([
    ['lists within lists', `{"version":"4","alerts":${'['.repeat(200_000)}${']'.repeat(200_000)}}`],
    [
      'objects within a label',
      goodBody.replace('"shop"', `${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}`),
    ],
  ])('refuses %s, however deep', async (_what, body) => {
    const [status, line] = await post(await start(), { body })
    expect([status, line.length < 500]).toEqual([400, true])
    expect(taken).toEqual([])
  })

  it('takes labels that are called like what every object has', async () => {
    const body = goodBody.replace('"target":"shop"', '"target":"shop","__proto__":"a","constructor":"b"')
    await expect(post(await start(), { body })).resolves.toEqual([200, 'alerts accepted: 1\n'])
    expect(taken[0]?.labels).toMatchObject({ target: 'shop', constructor: 'b' })
    expect(Object.getPrototypeOf(taken[0]?.labels)).toBe(Object.prototype)
  })

  it('refuses other methods and other paths', async () => {
    const url = await start()
    const get = await fetch(url)
    expect([get.status, get.headers.get('Allow'), await get.text()]).toEqual([
      405,
      'POST',
      'only POST is allowed here\n',
    ])
    const other = await fetch(`${server.url}/api/v2/alerts`)
    expect([other.status, await other.text()]).toEqual([404, 'no page at /api/v2/alerts\n'])
  })

  it('says nothing about what it runs on', async () => {
    const url = await start()
    expect((await fetch(url)).headers.has('X-Powered-By')).toBe(false)
  })
})
