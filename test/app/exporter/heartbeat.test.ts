import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { once } from 'node:events'
import { request as httpRequest, type IncomingMessage } from 'node:http'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pino } from 'pino'
import { startExporter } from '../../../src/app/exporter/exporter.ts'
import type { Exporter } from '../../../src/app/exporter/running.ts'
import { testClock, type TestClock } from '../../support/time/clock.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const config = `
targets:
  - { name: backup, heartbeat: 1d, grace: 10m, max_runtime: 1h }
  - { name: billing/nightly, heartbeat: 1h, token: "\${HEARTBEAT_TOKEN}" }
  - { name: shop, url: "http://127.0.0.1:9/" }
`

let folder: string
let file: string
let clock: TestClock
let exporter: Exporter | undefined
let logged: string

beforeEach(async () => {
  folder = await tempFolder()
  file = join(folder, 'targets.yml')
  clock = testClock()
  logged = ''
  await writeFile(file, config)
})

afterEach(async () => {
  await exporter?.stop()
  exporter = undefined
})

async function start(storagePath?: string): Promise<void> {
  const log = pino({ level: 'info' }, { write: (line: string) => void (logged += line) })
  exporter = await startExporter(
    {
      configFile: file,
      listenAddress: { host: '127.0.0.1', port: 0 },
      ...(storagePath !== undefined && { storagePath }),
    },
    { log, clock, env: { HEARTBEAT_TOKEN: 'sesame-12345' } },
  )
}

async function restart(storagePath?: string): Promise<void> {
  await exporter?.stop()
  await start(storagePath)
}

async function call(path: string, init: RequestInit = {}): Promise<{ status: number; text: string }> {
  const response = await fetch(`${exporter!.url}/api/v1/heartbeat/${path}`, init)
  return { status: response.status, text: await response.text() }
}

/** What /probe says: `up`, or the reason and the message of the failure. */
async function verdict(target = 'backup'): Promise<string> {
  // A result is served again for half an interval.
  clock.advance(30)
  const response = await fetch(`${exporter!.url}/probe?debug=true&target=${encodeURIComponent(target)}`)
  const text = await response.text()
  const failed = /^failed: (.*)$/m.exec(text)?.[1]
  if (failed === undefined) expect(text).toContain('\nprobe_success 1\n')
  else expect(text).toContain('\nprobe_success 0\n')
  return failed ?? 'up'
}

const hour = 3600

describe('a job that has to call', () => {
  it('is up for the first period, then late, and up again once it has called', async () => {
    await start()
    expect(await verdict()).toBe('up')
    clock.advance(24 * hour + 600)
    expect(await verdict()).toBe('timeout: no call yet for 1d11m, expected one every 1d, at most 10m late')
    expect(await call('backup')).toEqual({ status: 200, text: 'success of "backup" recorded\n' })
    expect(await verdict()).toBe('up')
    clock.advance(25 * hour)
    expect(await verdict()).toMatch(/^timeout: no call for 1d1h/)
  })

  it('fails when it says so, with its exit code and its words, until it succeeds', async () => {
    await start()
    expect(
      (await call('backup/fail', { method: 'POST', body: 'disk\n\u001b[31mfull\u001b[0m' })).status,
    ).toBe(200)
    expect(await verdict()).toBe('command: the job reported a failure, 30s ago: disk full')
    expect((await call('backup/3', { method: 'POST' })).text).toBe('fail of "backup" recorded\n')
    expect(await verdict()).toBe('command: the job reported a failure with exit code 3, 30s ago')
    expect((await call('backup/0')).text).toBe('success of "backup" recorded\n')
    expect(await verdict()).toBe('up')
  })

  it('fails when a run takes too long', async () => {
    await start()
    expect((await call('backup/start')).text).toBe('start of "backup" recorded\n')
    clock.advance(hour - 60)
    expect(await verdict()).toBe('up')
    clock.advance(hour)
    expect(await verdict()).toMatch(/^timeout: the job began 2h ago and has not reported its end/)
    await call('backup')
    expect(await verdict()).toBe('up')
  })

  it('has its last success as a metric', async () => {
    await start()
    const metrics = async (): Promise<string> => (await fetch(`${exporter!.url}/probe?target=backup`)).text()
    expect(await metrics()).not.toContain('probe_heartbeat_last_success_timestamp_seconds')
    await call('backup')
    clock.advance(30)
    const at = Date.parse('2026-11-20T12:00:00Z') / 1000
    expect(await metrics()).toContain(`\nprobe_heartbeat_last_success_timestamp_seconds ${at}\n`)
  })

  it('is expected from the reload that adds it', async () => {
    await start()
    clock.advance(30 * 24 * hour)
    await writeFile(file, `${config}  - { name: new, heartbeat: 1h }\n`)
    await exporter!.reload()
    expect(await verdict('new')).toBe('up')
    clock.advance(2 * hour)
    expect(await verdict('new')).toMatch(/^timeout: no call yet for 2h/)
  })
})

describe('what is remembered', () => {
  it('outlives the process where there is a folder for it', async () => {
    await start(folder)
    await call('backup')
    await call('billing%2Fnightly/1', { headers: { Authorization: 'Bearer sesame-12345' }, method: 'POST' })
    clock.advance(23 * hour)
    await restart(folder)
    expect(await verdict('billing/nightly')).toMatch(
      /^command: the job reported a failure with exit code 1, 23h/,
    )
    expect(await verdict()).toBe('up')
    clock.advance(2 * hour)
    expect(await verdict()).toMatch(/^timeout: no call for 1d1h/)
  })

  it('starts again with the process where there is none', async () => {
    await start()
    await call('backup/fail', { method: 'POST' })
    await restart()
    expect(await verdict()).toBe('up')
    expect(await readdir(folder)).toEqual(['targets.yml'])
  })

  it('is forgotten with the target', async () => {
    await start(folder)
    await call('backup/fail', { method: 'POST' })
    await writeFile(file, 'targets: [{ name: other, heartbeat: 1d }]')
    await exporter!.reload()
    await writeFile(file, config)
    await exporter!.reload()
    expect(await verdict()).toBe('up')
  })

  it('is what can be read of a damaged file', async () => {
    await mkdir(join(folder, 'heartbeats'))
    await writeFile(
      join(folder, 'heartbeats/state.jsonl'),
      '[["backup",{"since":"yesterday"}]]\n[["billing/nightly",{"since":1,"failed":{"at":2,"message":"x"}}]]\n[["ba',
    )
    await start(folder)
    expect(await verdict()).toBe('up')
    expect(await verdict('billing/nightly')).toMatch(/^command: /)
  })

  it('is kept in memory, with a line in the log, where the folder cannot be used', async () => {
    await writeFile(join(folder, 'heartbeats'), 'a file')
    await start(folder)
    expect(logged).toContain('heartbeats are in memory only, and are lost when this process ends')
    await call('backup/fail', { method: 'POST' })
    expect(await verdict()).toMatch(/^command: /)
  })

  it('belongs to one process', async () => {
    await start(folder)
    const first = exporter!
    await start(folder)
    expect(logged).toContain('is in use by another Probity process')
    await first.stop()
  })
})

describe('who may call', () => {
  it('is anyone who has the token, in a header or in the query', async () => {
    await start()
    const path = 'billing%2Fnightly'
    expect((await call(path)).status).toBe(401)
    expect((await call(path, { headers: { Authorization: 'Bearer sesame-1234' } })).status).toBe(401)
    expect((await call(`${path}?token=sesame`)).text).toBe('the token is wrong\n')
    expect((await call(`${path}?token=sesame-12345`)).status).toBe(200)
    expect((await call(path, { headers: { Authorization: 'Bearer sesame-12345' } })).status).toBe(200)
  })

  it('is nobody for a while after many wrong tokens for this job, so that a short one is not found by trying', async () => {
    await start()
    const path = 'billing%2Fnightly'
    for (let guess = 0; guess < 30; guess++) expect((await call(`${path}?token=${guess}`)).status).toBe(401)
    expect(await call(`${path}?token=sesame-12345`)).toEqual({
      status: 429,
      text: 'more than 30 wrong tokens for "billing/nightly" from this address in 5 minutes\n',
    })
    expect((await call('backup')).status).toBe(200)
    clock.advance(301)
    expect((await call(`${path}?token=sesame-12345`)).status).toBe(200)
  })

  it('never sees the token in what a job has written', async () => {
    await start(folder)
    const headers = { Authorization: 'Bearer sesame-12345' }
    await call('billing%2Fnightly/fail', { method: 'POST', headers, body: 'curl ?token=sesame-12345 failed' })
    expect(await verdict('billing/nightly')).toMatch(/: curl \?token=<secret> failed$/)
    expect(await readFile(join(folder, 'heartbeats/state.jsonl'), 'utf8')).not.toContain('sesame')
    expect(logged).not.toContain('sesame')
  })
})

describe('what is refused', () => {
  it('an image on a page of another site, unless it knows the token', async () => {
    await start()
    const from = async (site: string, path: string): Promise<number | undefined> => {
      const headers = { 'Sec-Fetch-Site': site }
      const sent = httpRequest(`${exporter!.url}/api/v1/heartbeat/${path}`, { headers }).end()
      const [answer] = (await once(sent, 'response')) as [IncomingMessage]
      answer.resume()
      return answer.statusCode
    }
    expect(await from('cross-site', 'backup/fail')).toBe(403)
    expect(await from('same-site', 'backup/fail')).toBe(403)
    expect(await verdict()).toBe('up')
    expect(await from('none', 'backup')).toBe(200)
    expect(await from('cross-site', 'billing%2Fnightly?token=sesame-12345')).toBe(200)
  })

  it.each([
    ['backups', 404, 'there is no heartbeat "backups" (did you mean backup?)\n'],
    ['shop', 404, 'there is no heartbeat "shop"\n'],
    ['%0d%0aSet-Cookie:x', 404, 'there is no heartbeat "Set-Cookie:x"\n'],
    [
      'backup/256',
      404,
      'expected /start, /fail, /log or an exit code from 0 to 255 after the name, or nothing\n',
    ],
    [
      'backup/stop',
      404,
      'expected /start, /fail, /log or an exit code from 0 to 255 after the name, or nothing\n',
    ],
    ['backup/start/x', 404, 'no page at /api/v1/heartbeat/backup/start/x\n'],
    ['%ff', 400, expect.stringMatching(/^Failed to decode param/)],
  ])('%s', async (path, status, text) => {
    await start()
    expect(await call(path)).toEqual({ status, text })
    expect(await verdict()).toBe('up')
  })

  it.each(['PUT', 'DELETE', 'HEAD'])('%s', async (method) => {
    await start()
    const response = await fetch(`${exporter!.url}/api/v1/heartbeat/backup/fail`, { method })
    expect(response.status).toBe(405)
    expect(response.headers.get('allow')).toBe('GET, POST')
    expect(await verdict()).toBe('up')
  })

  it('more calls than a job can mean', async () => {
    await start()
    const answers = await Promise.all(Array.from({ length: 61 }, () => call('backup')))
    expect(answers.map(({ status }) => status).sort()).toEqual([
      ...Array.from({ length: 60 }, () => 200),
      429,
    ])
    clock.advance(10)
    expect((await call('backup')).status).toBe(200)
  })

  it('a body without end, of which a bounded part is kept otherwise', async () => {
    await start()
    const megabyte = 'x'.repeat(1024 * 1024)
    expect((await call('backup/fail', { method: 'POST', body: `${megabyte}x` })).status).toBe(413)
    expect(await verdict()).toBe('up')
    expect((await call('backup/fail', { method: 'POST', body: megabyte })).status).toBe(200)
    expect((await verdict()).length).toBeLessThan(1200)
  })

  it('a caller that goes away in the middle', async () => {
    await start()
    const request = httpRequest(`${exporter!.url}/api/v1/heartbeat/backup/fail`, {
      method: 'POST',
      headers: { 'Content-Length': 100 },
    })
    const gone = new Promise((resolve) => request.once('error', resolve))
    request.write('half of ')
    request.once('socket', (socket) =>
      socket.once('connect', () => {
        request.flushHeaders()
      }),
    )
    await call('backup/start')
    request.destroy(new Error('gone'))
    await gone
    expect(await verdict()).toBe('up')
    expect(logged).not.toContain('request failed')
  })
})
