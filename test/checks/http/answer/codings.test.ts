import { describe, expect, it } from 'vitest'
import { brotliCompressSync, constants, deflateSync, gzipSync } from 'node:zlib'
import { decode } from '../../../../src/checks/http/answer/codings.ts'

const whole = { maxBytes: 10 ** 6, goesOn: false }
const large = Buffer.alloc(200_000, 'hello ')

describe('content that is encoded', () => {
  it.each([
    ['nothing that begins like a member', 'xxxx'],
    ['zeros', '\0'.repeat(50)],
    ['the beginning of text', '\n<!-- cached -->'],
  ])('may be followed by %s', async (_what, stray) => {
    for (const text of [Buffer.from('hello'), large, Buffer.alloc(0)]) {
      const encoded = Buffer.concat([gzipSync(text), gzipSync('!'), Buffer.from(stray)])
      expect((await decode(encoded, ['gzip'], whole)).equals(Buffer.concat([text, Buffer.from('!')]))).toBe(
        true,
      )
    }
  })

  it('may have a header with everything that there is, before something stray', async () => {
    const plain = gzipSync('hello')
    const header = Buffer.from([...plain.subarray(0, 3), 4 + 8 + 16, ...plain.subarray(4, 10)])
    const fields = Buffer.from('\x02\0ab' + 'name\0' + 'comment\0', 'latin1')
    const encoded = Buffer.concat([header, fields, plain.subarray(10), Buffer.from('xxxx')])
    expect((await decode(encoded, ['gzip'], whole)).toString()).toBe('hello')
  })

  it.each([
    ['gzip', gzipSync('hello').subarray(0, -8), /unexpected end of file/],
    ['gzip', Buffer.concat([gzipSync('hello').subarray(0, -8), Buffer.alloc(8, 1)]), /incorrect data check/],
    ['gzip', Buffer.from('this is not gzip'), /incorrect header check/],
    ['br', Buffer.from('this is not brotli'), /br data/],
    ['deflate', deflateSync('hello').subarray(0, -6), /unexpected end of file/],
  ])('is not read where it is damaged: %s', async (coding, bytes, message) => {
    await expect(decode(bytes, [coding], whole)).rejects.toMatchObject({
      reason: 'protocol',
      message: expect.stringMatching(message),
    })
  })

  it.each([
    ['gzip', gzipSync(Buffer.alloc(2 ** 24))],
    ['br', brotliCompressSync(Buffer.alloc(2 ** 24))],
    ['deflate', deflateSync(Buffer.alloc(2 ** 24))],
  ])('grows into no more than is accepted: %s', async (coding, bomb) => {
    for (const maxBytes of [1000, 10 ** 6]) {
      await expect(decode(bomb, [coding], { ...whole, maxBytes })).rejects.toMatchObject({
        reason: 'size',
        message: `the body is larger than the expected maximum of ${maxBytes} bytes`,
      })
    }
  })

  it('counts as far as it has come while it goes on', async () => {
    const flushed = gzipSync('hello', { finishFlush: constants.Z_SYNC_FLUSH })
    expect((await decode(flushed, ['gzip'], { ...whole, goesOn: true })).toString()).toBe('hello')
    await expect(decode(flushed, ['gzip'], whole)).rejects.toMatchObject({ reason: 'protocol' })
  })
})
