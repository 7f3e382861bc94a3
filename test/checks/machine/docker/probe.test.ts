import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { ProbeResult } from '../../../../src/checks/result.ts'
import { runProbe } from '../../../../src/checks/run.ts'
import { renderProbe } from '../../../../src/metrics/render.ts'
import { atEnd } from '../../../support/at-end.ts'
import { createCertificate } from '../../../support/certificates.ts'
import { checkOf } from '../../../support/checks.ts'
import { parse } from '../../../support/parse-config.ts'
import { aTarget } from '../../../support/target.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

type Keys = Readonly<Record<string, unknown>>

async function probe(keys: Keys, timeoutSeconds = 30): Promise<ProbeResult> {
  return runProbe(checkOf('docker', { docker: 'shop-db-1', ...keys }), { timeoutSeconds })
}

/** A daemon on a socket. @returns The path. */
async function daemon(answer: RequestListener): Promise<string> {
  const path = join(await tempFolder(), 'docker.sock')
  const server = createServer(answer).listen(path)
  await once(server, 'listening')
  atEnd(() => {
    server.closeAllConnections()
    server.close()
  })
  return path
}

/** The answer to `docker inspect`, of which a check needs little. */
const container = (state: Keys = {}, more: Keys = {}): Keys => ({
  Id: 'aeb2c8a04c2ebd4d1e0f9d3d5a5b6e0c7c2d9bb64a6e5b8f9e1a7d3f0c1b2a3d',
  Created: '2026-11-29T10:00:00.123456789Z',
  Path: 'docker-entrypoint.sh',
  State: {
    Status: 'running',
    Running: true,
    Paused: false,
    Restarting: false,
    OOMKilled: false,
    Dead: false,
    Pid: 4321,
    ExitCode: 0,
    Error: '',
    StartedAt: '2026-11-29T10:00:01Z',
    FinishedAt: '0001-01-01T00:00:00Z',
    ...state,
  },
  Name: '/shop-db-1',
  RestartCount: 0,
  ...more,
})

const health = (status: string, output = ''): Keys => ({
  Status: status,
  FailingStreak: 3,
  Log: [
    { Start: 'a', End: 'b', ExitCode: 0, Output: 'an old one' },
    { Start: 'c', End: 'd', ExitCode: 1, Output: output },
  ],
})

const says =
  (body: unknown, status = 200): RequestListener =>
  (request, response) => {
    const isAsked = request.method === 'GET' && request.url === '/containers/shop-db-1/json'
    response.writeHead(isAsked ? status : 418, { 'Content-Type': 'application/json' })
    response.end(typeof body === 'string' ? body : JSON.stringify(body))
  }

describe('docker', () => {
  it('succeeds where the container runs', async () => {
    const docker_host = await daemon(says(container({ Health: health('healthy') }, { RestartCount: 2 })))
    const result = await probe({ docker_host })
    expect(result).toMatchObject({
      success: true,
      docker: { state: 'running', health: 'healthy', restarts: 2, oomKilled: false },
    })
    const check = checkOf('docker', { docker: 'shop-db-1' })
    const text = renderProbe({ target: aTarget({ check }), result, timeoutSeconds: 1 })
    expect(text).toContain('\nprobe_docker_container_state{state="running"} 1\n')
    expect(text).toContain('\nprobe_docker_container_health{health="unhealthy"} 0\n')
    expect(text).toContain('\nprobe_docker_container_restarts 2\n')
    expect(text).toContain('\nprobe_docker_container_oom_killed 0\n')
    expect(text).not.toContain('probe_docker_container_exit_code ')
  })

  it.each<[string, Keys, Keys]>([
    ['a container without a health check', container(), {}],
    ['one of Podman without a health check', container({ Health: { Status: '' } }), {}],
    ['one whose health is not known yet', container({ Health: health('starting') }), {}],
    [
      'one that has done its work',
      container({ Status: 'exited', ExitCode: 0 }),
      { expect: { container_state: ['running', 'exited'], exit_code: [0, 2], max_restarts: 0 } },
    ],
  ])('succeeds with %s', async (_name, body, keys) => {
    const { failure } = await probe({ docker_host: `unix://${await daemon(says(body))}`, ...keys })
    expect(failure).toBeUndefined()
  })

  it.each<[string, Keys | string, number, Keys, string, string | RegExp]>([
    [
      'has ended',
      container({ Status: 'exited', ExitCode: 137, OOMKilled: true }),
      200,
      {},
      'status',
      'expected shop-db-1 to be running, it is exited (exit code 137, out of memory)',
    ],
    [
      'crashes again and again',
      container({ Status: 'restarting', ExitCode: 1 }, { RestartCount: 7 }),
      200,
      {},
      'status',
      'expected shop-db-1 to be running, it is restarting (exit code 1)',
    ],
    [
      'is not well',
      container({ Health: health('unhealthy', 'curl: (7) Failed to connect\n\u001b[31mno\u0000') }),
      200,
      {},
      'status',
      'expected the health of shop-db-1 to be none or starting or healthy, it is unhealthy: curl: (7) Failed to connect no',
    ],
    [
      'has crashed too often',
      container({}, { RestartCount: 4 }),
      200,
      { expect: { max_restarts: 3 } },
      'status',
      'expected shop-db-1 to have been restarted at most 3 times, it was restarted 4 times',
    ],
    [
      'was short of memory',
      container({ OOMKilled: true }),
      200,
      { expect: { oom_killed: false } },
      'status',
      'the kernel has ended a process of shop-db-1, because its memory was used up',
    ],
    [
      'has ended with another code',
      container({ Status: 'exited', ExitCode: 3 }),
      200,
      { expect: { container_state: 'exited', exit_code: 0 } },
      'status',
      'expected shop-db-1 to have ended with 0, it is exited (exit code 3)',
    ],
    [
      'does not exist',
      { message: 'No such container: shop-db-1' },
      404,
      {},
      'status',
      'there is no container shop-db-1 (404)',
    ],
    [
      'is not let through',
      '<html>403 Forbidden</html>',
      403,
      {},
      'status',
      'the API refuses the request (403): a proxy in front of it has to allow GET /containers/shop-db-1/json',
    ],
    ['is not known, because the daemon has trouble', { message: 'no' }, 500, {}, 'status', /500/],
    ['is that of something else', { State: 'up' }, 200, {}, 'protocol', /^the answer is not the state/],
    ['is not in the answer', 'hello', 200, {}, 'protocol', /^the answer is not the state/],
    ['is in too long an answer', `["${'x'.repeat(2_000_000)}"]`, 200, {}, 'size', /larger than/],
  ])('says that the container %s', async (_name, body, status, keys, reason, message) => {
    const { failure } = await probe({ docker_host: await daemon(says(body, status)), ...keys })
    expect(failure).toEqual({
      reason,
      message: typeof message === 'string' ? message : expect.stringMatching(message),
    })
  })

  it('says that there is no daemon', async () => {
    const path = join(await tempFolder(), 'docker.sock')
    expect((await probe({ docker_host: path })).failure).toMatchObject({
      reason: 'connect',
      message: expect.stringContaining('there is no such socket'),
    })
    writeFileSync(path, '')
    expect((await probe({ docker_host: path })).failure?.reason).toBe('connect')
  })

  it('gives up on a daemon that hangs', async () => {
    const { failure } = await probe({ docker_host: await daemon(() => undefined) }, 0.5)
    expect(failure?.reason).toBe('timeout')
  })

  it('speaks TLS, with a certificate of the client', async () => {
    const authority = createCertificate({ name: 'Test authority', isAuthority: true })
    const { cert, key } = createCertificate({ name: 'docker', ip: ['127.0.0.1'], issuer: authority })
    const client = createCertificate({ name: 'probity', issuer: authority })
    const options = { cert, key, ca: authority.cert, requestCert: true, rejectUnauthorized: true }
    const server = createTlsServer(options, says(container())).listen(0, '127.0.0.1')
    await once(server, 'listening')
    atEnd(() => {
      server.closeAllConnections()
      server.close()
    })
    const folder = await tempFolder()
    const file = (name: string, pem: string): string => {
      writeFileSync(join(folder, name), pem)
      return join(folder, name)
    }
    const docker_host = `https://127.0.0.1:${(server.address() as AddressInfo).port}`
    const ca_file = file('ca.pem', authority.cert)
    const own = { cert_file: file('cert.pem', client.cert), key_file: file('key.pem', client.key) }
    const result = await probe({ docker_host, tls: { ca_file, ...own } })
    expect(result.failure).toBeUndefined()
    expect(result.tls).toMatchObject({ verified: true })
    const { failure } = await probe({ docker_host, tls: { ca_file } })
    expect(failure?.reason).toMatch(/tls|certificate|protocol|connect/)
  })
})

describe('a target with docker:', () => {
  it.each([
    ['a path', 'docker: ../images/json', 'is not the name or the ID of a container'],
    ['a query', 'docker: "a?all=1"', 'is not the name or the ID of a container'],
    ['another protocol', 'docker: a, docker_host: "ssh://host"', 'is not the address of Docker'],
    ['credentials', 'docker: a, docker_host: "https://me:x@host"', 'is not the address of Docker'],
    ['an unknown state', 'docker: a, expect: { container_state: up }', 'is not a state of a container'],
    ['an unknown health', 'docker: a, expect: { health: fine }', 'is not the health of a container'],
    ['an exit code that is none', 'docker: a, expect: { exit_code: 256 }', 'is not an exit code'],
  ])('is refused with %s', (_name, keys, words) => {
    expect(() => parse(`targets: [{ name: it, ${keys} }]`)).toThrow(words)
  })
})
