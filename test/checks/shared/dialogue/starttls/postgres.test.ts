import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fingerprint } from '../../../../support/certificates.ts'
import {
  describeWithPostgres,
  startPostgres,
  switchOnTls,
  type TestPostgres,
} from '../../../../support/programs/postgres.ts'
import { waitFor } from '../../../../support/time/wait-for.ts'
import { certificate, itTells, probe, type Keys } from './support.ts'

describe('STARTTLS with something that is not PostgreSQL', () => {
  itTells('postgres', {
    'has no TLS': [(socket) => socket.once('data', () => socket.write('N')), 'tls', /its setting ssl is off/],
    'answers with an error': [
      (socket) => socket.once('data', () => socket.write('Emessage')),
      'status',
      'PostgreSQL answered the request for TLS with an error',
    ],
    'is something else': [
      (socket) => socket.once('data', () => socket.write('HTTP/1.1 400')),
      'protocol',
      'expected S or N to the request for TLS, got "H"',
    ],
    'goes instead of an answer': [
      (socket) => socket.once('data', () => socket.end()),
      'connect',
      'the server closed the connection before its answer to the request for TLS',
    ],
    'slips an error in before TLS': [
      (socket) => socket.once('data', () => socket.write('SEevil')),
      'protocol',
      /^the server sent data before TLS began/,
    ],
    'says nothing': [(socket) => socket.resume(), 'timeout', /while asking for TLS over postgres$/],
  })
})

describeWithPostgres('STARTTLS with PostgreSQL', () => {
  let postgres: TestPostgres
  beforeAll(async () => {
    postgres = await startPostgres()
  })
  afterAll(() => postgres.stop())

  const check = (): Keys => ({ tcp: new URL(postgres.url).host, starttls: 'postgres' })

  it('tells that it is switched off, and verifies the certificate once it is on', async () => {
    expect((await probe(check())).failure).toEqual({
      reason: 'tls',
      message: 'PostgreSQL does not offer TLS: its setting ssl is off',
    })
    await switchOnTls(postgres.url, certificate)
    const result = await waitFor('TLS to be switched on', async () => {
      const probed = await probe(check())
      return probed.failure?.reason === 'tls' ? undefined : probed
    })
    expect(result).toMatchObject({ success: true, tls: { verified: true } })
    expect(result.tls!.chain[0]!.fingerprintSha256).toBe(fingerprint(certificate.cert))
  })
})
