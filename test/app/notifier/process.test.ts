import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, rename, writeFile } from 'node:fs/promises'
import { request } from 'node:http'
import { join } from 'node:path'
import { startProgram, type Program } from '../../../scripts/stack/process.ts'
import { root } from '../../../scripts/stack/shipped-files.ts'
import { anAlert, webhookMessage } from '../../support/alerts/alerts.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'

const probity = join(root, 'bin/probity.cjs')
const token = 's3cret'

let folder: string
let alertsLog: string
let env: NodeJS.ProcessEnv
let program: Program | undefined

beforeEach(async () => {
  folder = await tempFolder()
  alertsLog = join(folder, 'alerts.log')
  const tokenFile = join(folder, 'token')
  await writeFile(tokenFile, token)
  env = {
    PATH: process.env.PATH,
    PROBITY_WEB_LISTEN_ADDRESS: '127.0.0.1:0',
    PROBITY_WEB_BEARER_TOKEN_FILE: tokenFile,
    PROBITY_ALERTS_LOG_FILE: alertsLog,
    PROBITY_LOG_FORMAT: 'json',
  }
})

afterEach(async () => {
  await program?.stop('SIGKILL')
  program = undefined
})

async function start(command: readonly [string, ...string[]] = [process.execPath]): Promise<string> {
  const started = startProgram('notifier', command[0], [...command.slice(1), probity, 'notifier'], { env })
  program = started
  return urlOf(started)
}

function urlOf(started: Program): Promise<string> {
  return waitFor('the line that says where it listens', () => /"url":"([^"]+)"/.exec(started.output())?.[1])
}

async function post(url: string, target: string): Promise<number> {
  const response = await fetch(`${url}/api/v1/alerts`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', Authorization: `Bearer ${token}` },
    body: bodyFor(target),
  })
  await response.text()
  return response.status
}

function bodyFor(target: string): string {
  return JSON.stringify(webhookMessage([anAlert({ fingerprint: target, labels: { target } })]))
}

async function targets(path = alertsLog): Promise<string[]> {
  const text = await readFile(path, 'utf8')
  expect(text === '' || text.endsWith('\n')).toBe(true)
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { target: string }).target)
}

describe('probity notifier', () => {
  it('takes its flags from the environment and prints every line', async () => {
    const url = await start()
    expect(await post(url, 'one')).toBe(200)
    expect(await targets()).toEqual(['one'])
    await waitFor('the line on stdout', () => program!.output().includes('"target":"one"'))
  })

  it('answers the request that is under way when it is told to end, and ends with code 0', async () => {
    const url = new URL(await start())
    const body = bodyFor('one')
    const outgoing = request({
      host: url.hostname,
      port: url.port,
      path: '/api/v1/alerts',
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(body),
        Authorization: `Bearer ${token}`,
        Expect: '100-continue',
      },
    })
    outgoing.flushHeaders()
    await once(outgoing, 'continue')
    const ended = program!.stop('SIGTERM')
    await waitFor('the end of listening', () =>
      fetch(`${url.origin}/-/healthy`).then(
        () => false,
        () => true,
      ),
    )
    outgoing.end(body)
    const [response] = (await once(outgoing, 'response')) as [{ statusCode: number; resume: () => void }]
    response.resume()
    expect(response.statusCode).toBe(200)
    await ended
    expect(await program!.exited).toBe(0)
    expect(await targets()).toEqual(['one'])
  })

  it('goes on in a new file on SIGHUP', async () => {
    const url = await start()
    await post(url, 'one')
    await rename(alertsLog, `${alertsLog}.1`)
    process.kill(program!.pid, 'SIGHUP')
    await waitFor('the new file', async () => (await targets()).length === 0)
    await post(url, 'two')
    expect(await targets(`${alertsLog}.1`)).toEqual(['one'])
    expect(await targets()).toEqual(['two'])
  })

  it('never leaves a part of a line when there is no room for all of it', async () => {
    // The largest file that the process may write stands in for a disk: 8 blocks of 512 bytes.
    const url = await start(['sh', '-c', 'ulimit -f 8; exec "$@"', 'sh', process.execPath])
    const taken: string[] = []
    let status = 200
    while (status === 200 && taken.length < 100) {
      const target = `target ${taken.length}`
      status = await post(url, target)
      if (status === 200) taken.push(target)
    }
    expect(status).toBe(503)
    expect(taken.length).toBeGreaterThan(3)
    expect(await targets()).toEqual(taken)
    await rename(alertsLog, `${alertsLog}.1`)
    const last = `target ${taken.length}`
    expect(await post(url, last)).toBe(200)
    expect(await targets()).toEqual([last])
  })

  it('goes on when nobody reads stdout any more', async () => {
    const child = spawn(process.execPath, [probity, 'notifier'], { env, stdio: ['ignore', 'pipe', 'pipe'] })
    let output = ''
    child.stderr.setEncoding('utf8').on('data', (text: string) => (output += text))
    try {
      const url = await waitFor('the url', () => /"url":"([^"]+)"/.exec(output)?.[1])
      child.stdout.destroy()
      expect(await post(url, 'one')).toBe(200)
      await waitFor('the warning', () => output.includes('stdout: write EPIPE'))
      expect(await post(url, 'two')).toBe(200)
      expect(await targets()).toEqual(['one', 'two'])
    } finally {
      const ended = once(child, 'exit')
      child.kill('SIGTERM')
      expect(await ended).toEqual([0, null])
    }
  })

  it.each([
    [
      'an address that is none',
      { PROBITY_WEB_LISTEN_ADDRESS: 'here' },
      '"here" is not a valid listen address',
    ],
    [
      'an alerts log where there can be none',
      { PROBITY_ALERTS_LOG_FILE: '/proc/alerts.log' },
      'cannot write',
    ],
    ['a device for a token', { PROBITY_WEB_BEARER_TOKEN_FILE: '/dev/null' }, 'it is not a regular file'],
  ])('ends with code 1 and says why, given %s', async (_name, wrong, words) => {
    program = startProgram('notifier', process.execPath, [probity, 'notifier'], { env: { ...env, ...wrong } })
    expect(await program.exited).toBe(1)
    expect(program.output()).toContain(words)
  })
})
