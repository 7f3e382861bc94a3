import { afterEach, describe, expect, it } from 'vitest'
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { renderProbe } from '../../../src/metrics/render.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { createUnixProber } from '../../../src/checks/unix/probe.ts'
import { createCertificate } from '../../support/certificates.ts'
import { checkOf } from '../../support/checks.ts'
import { script, startTalkServer, upgrade } from '../../support/servers/talk-server.ts'
import { aTarget } from '../../support/target.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const authority = createCertificate({ name: 'Test authority', isAuthority: true })
const certificate = createCertificate({ name: 'here', dns: ['here.example'], issuer: authority })
const probeUnix = createUnixProber({ authorities: [authority.cert] })

const stops: (() => Promise<void>)[] = []
afterEach(async () => {
  await Promise.all(stops.splice(0).map((stop) => stop()))
})

type Keys = Readonly<Record<string, unknown>>

async function probe(keys: Keys): Promise<ProbeResult> {
  return runProbe(checkOf('unix', keys), {
    timeoutSeconds: 0.5,
    probers: { unix: () => Promise.resolve(probeUnix) },
  })
}

async function talk(onConnection: (socket: Socket) => void, keys: Keys = {}): Promise<ProbeResult> {
  const path = join(await tempFolder(), 'it.sock')
  const server = await startTalkServer(onConnection, { path })
  stops.push(server.stop)
  return probe({ unix: path, ...keys })
}

describe('the prober of Unix domain sockets', () => {
  it('connects and goes through a dialogue', async () => {
    const result = await talk(script('', { PING: '+PONG 7\r\n' }), {
      dialogue: [{ send: 'PING' }, { expect: '^\\+PONG (\\d)', labels: { number: '$1' } }],
    })
    expect(result).toMatchObject({ success: true, dialogue: { info: [{ number: '7' }] } })
    expect(Object.keys(result.phases!)).toEqual(['connect'])
    const target = aTarget({ check: checkOf('unix', { unix: '/run/x.sock' }) })
    const text = renderProbe({ target, result, timeoutSeconds: 1 })
    expect(text).toContain('\nprobe_expect_info{number="7"} 1\n')
    expect(text).not.toContain('probe_ip_protocol')
  })

  it('speaks TLS, for a name that it is given', async () => {
    const result = await talk(upgrade('', certificate), {
      use_tls: true,
      tls: { server_name: 'here.example' },
    })
    expect(result).toMatchObject({ success: true, tls: { verified: true } })
  })

  it('tells a certificate of another name', async () => {
    const result = await talk(upgrade('', certificate), {
      use_tls: true,
      tls: { server_name: 'there.example' },
    })
    expect(result.failure).toEqual({
      reason: 'certificate',
      message: 'the certificate is not for there.example, but for here.example',
    })
  })

  it('tells a server that ends the connection', async () => {
    const result = await talk((socket) => socket.end('x\n'), { dialogue: [{ expect: 'y' }] })
    expect(result).toMatchObject({ failure: { reason: 'body' }, dialogue: { failedDueToRegex: true } })
  })

  it('tells a server that says nothing', async () => {
    const result = await talk(() => undefined, { dialogue: [{ expect: 'y' }] })
    expect(result.failure).toMatchObject({ reason: 'timeout' })
  })

  it.each([
    ['there is none', (path: string) => path, /there is no such socket \(ENOENT\)$/],
    [
      'it is a file',
      (path: string) => {
        writeFileSync(path, '')
        return path
      },
      /nothing is listening on it \(ECONNREFUSED\)$/,
    ],
    [
      'a part of its path is a file',
      (path: string) => {
        writeFileSync(path, '')
        return join(path, 'x')
      },
      /a part of its path is not a folder \(ENOTDIR\)$/,
    ],
    [
      'it is a folder',
      (path: string) => {
        mkdirSync(path)
        chmodSync(path, 0o700)
        return path
      },
      /\(ECONNREFUSED\)$/,
    ],
  ])('tells that %s', async (_name, make, message) => {
    const path = make(join(await tempFolder(), 'it.sock'))
    const { failure } = await probe({ unix: path })
    expect(failure).toEqual({ reason: 'connect', message: expect.stringMatching(message) })
    expect(failure!.message).toContain(path)
  })

  it('takes a socket for an address of this machine, where the addresses of a URL that is not configured are looked at', async () => {
    const asked: string[] = []
    const result = await runProbe(checkOf('unix', { unix: '/run/x.sock' }), {
      timeoutSeconds: 0.5,
      allowAddress: (address) => {
        asked.push(address)
        throw new Error(`${address} is not allowed`)
      },
    })
    expect(asked).toEqual(['127.0.0.1'])
    expect(result.failure).toEqual({
      reason: 'blocked',
      message: '/run/x.sock is on this machine, and 127.0.0.1 is not allowed',
    })
  })
})
