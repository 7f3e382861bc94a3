import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseChallenges } from '../../../../../src/checks/http/access/digest/challenge.ts'
import { answerable, digestAuthorization } from '../../../../../src/checks/http/access/digest/response.ts'
import { fieldsOf } from './server.ts'

/** The example of RFC 7616, section 3.9.1: a server that offers both algorithms. */
const example = ['SHA-256', 'MD5'].map(
  (algorithm) =>
    `Digest realm="http-auth@example.org", qop="auth, auth-int", algorithm=${algorithm}, ` +
    'nonce="7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v", opaque="FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS"',
)
const proof = {
  username: 'Mufasa',
  password: 'Circle of Life',
  method: 'GET',
  uri: '/dir/index.html',
  count: 1,
  clientNonce: 'f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ',
}

describe('the answer to a challenge', () => {
  it.each([
    ['SHA-256', example, '753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1'],
    ['MD5', example.slice(1), '8ca523f5e9506fed4657c9700eebdbec'],
  ])('is that of RFC 7616 for %s', (algorithm, headers, response) => {
    const challenge = answerable(parseChallenges(headers))!
    expect(fieldsOf(digestAuthorization(challenge, proof))).toEqual({
      username: 'Mufasa',
      realm: 'http-auth@example.org',
      uri: '/dir/index.html',
      algorithm,
      nonce: '7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v',
      nc: '00000001',
      cnonce: proof.clientNonce,
      qop: 'auth',
      response,
      opaque: 'FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS',
    })
  })

  it('is that of RFC 2617 where the server knows no qop', () => {
    const header = 'Digest realm="testrealm@host.com", nonce="dcd98b7102dd2f0e8b11d0f600bfb0c093"'
    const challenge = answerable(parseChallenges([header]))!
    const answer = fieldsOf(digestAuthorization(challenge, { ...proof, password: 'Circle Of Life' }))
    expect(answer).toMatchObject({ response: '670fd8c2df070c60b045671b8b24ff02' })
    expect(answer).not.toHaveProperty('qop')
  })

  it('writes other letters than those of ASCII as RFC 7616 does', () => {
    const challenge = answerable(parseChallenges(example))!
    const header = digestAuthorization(challenge, { ...proof, username: 'Jäsøn Doe' })
    expect(header).toContain("username*=UTF-8''J%C3%A4s%C3%B8n%20Doe, ")
    expect(header).not.toContain('username=')
  })
})

describe('challenges', () => {
  it.each<[string, string[], object[]]>([
    ['none', [], []],
    [
      'several in one header',
      ['Basic realm="a, \\"b", Negotiate, Digest nonce=n , realm = "r"'],
      [
        { scheme: 'basic', params: { realm: 'a, "b' } },
        { scheme: 'negotiate', params: {} },
        { scheme: 'digest', params: { nonce: 'n', realm: 'r' } },
      ],
    ],
    [
      'several headers',
      ['Negotiate YWJj==', 'DIGEST NONCE="n"'],
      [
        { scheme: 'negotiate', params: {} },
        { scheme: 'digest', params: { nonce: 'n' } },
      ],
    ],
    [
      'what comes before something that cannot be read',
      ['Digest nonce="n", realm="never ends'],
      [{ scheme: 'digest', params: { nonce: 'n' } }],
    ],
  ])('are read: %s', (_name, headers, expected) => {
    const read = parseChallenges(headers).map(({ scheme, params }) => ({ scheme, params: { ...params } }))
    expect(read).toEqual(expected)
  })

  it('are read whatever the text is, in time that grows with it', () => {
    const piece = fc.constantFrom('Digest ', 'nonce=', '"', '\\', ',', ' ', '=', 'a', '"x"', '(', 'é')
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        expect(Array.isArray(parseChallenges([pieces.join('')]))).toBe(true)
      }),
    )
    for (const hostile of [
      'a'.repeat(1e6),
      'a '.repeat(5e5),
      `a a="${'\\'.repeat(1e6)}`,
      'a=,'.repeat(3e5),
    ]) {
      expect(parseChallenges([hostile]).length).toBeLessThan(10_000)
    }
  })

  it.each(['realm="a\rb", nonce="c"', 'realm="a", nonce="b\u0001"', 'realm="a", nonce="b", opaque="\0"'])(
    'with control characters cannot be answered: %j',
    (params) => {
      expect(answerable(parseChallenges([`Digest ${params}`]))).toBeUndefined()
    },
  )

  it('with characters that no header may have are sent back in a header that can be sent', () => {
    const challenge = answerable(parseChallenges(['Digest realm="日本 \\"x\\"", nonce="é"']))!
    const header = digestAuthorization(challenge, proof)
    expect(header).toMatch(/^[\t\x20-\x7e\x80-\xff]*$/)
    expect(Buffer.from(header, 'latin1').toString()).toContain('realm="日本 \\"x\\"", nonce="é"')
  })
})
