import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { ProbeFailure } from '../../../../src/net/failure.ts'
import { ChunkQueue } from '../../../../src/checks/http/exchange/chunk-queue.ts'
import { readBody, type BodyOptions } from '../../../../src/checks/http/answer/body.ts'

const encoders = {
  gzip: (data: Buffer) => gzipSync(data),
  br: (data: Buffer) => brotliCompressSync(data),
  deflate: (data: Buffer) => deflateSync(data),
}
type Coding = keyof typeof encoders

/** The bytes in pieces of this size. */
function queueOf(bytes: Buffer, size = 1000): ChunkQueue {
  const queue = new ChunkQueue()
  for (let at = 0; at < bytes.length; at += size) queue.push(bytes.subarray(at, at + size))
  queue.end()
  return queue
}

function read(source: ChunkQueue, options: Partial<BodyOptions> = {}): Promise<Buffer> {
  return readBody(source, { codings: [], maxBytes: 1e6, keep: true, onProgress: () => undefined, ...options })
}

describe('readBody', () => {
  it('undoes any chain of codings, in pieces of any size', async () => {
    const coding = fc.constantFrom<Coding>('gzip', 'br', 'deflate')
    await fc.assert(
      fc.asyncProperty(
        fc.uint8Array({ minLength: 1, maxLength: 3000 }),
        fc.array(coding, { maxLength: 3 }),
        fc.integer({ min: 1, max: 2000 }),
        async (data, codings, size) => {
          const plain = Buffer.from(data)
          const encoded = codings.reduce((bytes, name) => encoders[name](bytes), plain)
          expect((await read(queueOf(encoded, size), { codings })).equals(plain)).toBe(true)
        },
      ),
      { numRuns: 60 },
    )
  })

  it('fails on damaged data with reason protocol, or reads it; it never hangs', async () => {
    const coding = fc.constantFrom<Coding>('gzip', 'br', 'deflate')
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), coding, async (data, name) => {
        const reasons = await read(queueOf(Buffer.from(data)), { codings: [name] }).then(
          () => [],
          (error: unknown) => [(error as ProbeFailure).reason],
        )
        expect(['protocol', undefined]).toContain(reasons[0])
      }),
      { numRuns: 200 },
    )
  })

  it.each([
    ['deflate', deflateSync(Buffer.from('hello'))],
    ['deflate', deflateRawSync(Buffer.from('hello'))],
    ['br', brotliCompressSync(Buffer.from('hello'))],
  ])('overlooks what follows after %s data', async (coding, encoded) => {
    const trailing = Buffer.concat([encoded, Buffer.from('\n<!-- cached -->')])
    expect((await read(queueOf(trailing), { codings: [coding] })).toString()).toBe('hello')
  })

  it('reads several gzip members, and overlooks zeros after them', async () => {
    const members = Buffer.concat([gzipSync('hello '), gzipSync('world'), Buffer.alloc(20)])
    expect((await read(queueOf(members), { codings: ['gzip'] })).toString()).toBe('hello world')
  })

  it('accepts exactly as many bytes as it is to', async () => {
    const hundred = Buffer.alloc(100)
    await expect(read(queueOf(hundred), { maxBytes: 100 })).resolves.toHaveLength(100)
    const failure = {
      reason: 'size',
      message: 'the body is larger than the expected maximum of 99 bytes',
    }
    await expect(read(queueOf(hundred), { maxBytes: 99 })).rejects.toMatchObject(failure)
    await expect(read(queueOf(gzipSync(hundred)), { maxBytes: 99, codings: ['gzip'] })).rejects.toMatchObject(
      failure,
    )
  })

  it('counts without keeping', async () => {
    const seen: number[] = []
    const options = { keep: false, onProgress: (bytes: number) => seen.push(bytes) }
    expect(await read(queueOf(Buffer.alloc(2500)), options)).toHaveLength(0)
    expect(seen).toEqual([1000, 2000, 2500])
  })

  it('leaves a coding that it does not know as it is', async () => {
    expect((await read(queueOf(Buffer.from('hello')), { codings: ['gzip', 'zstd'] })).toString()).toBe(
      'hello',
    )
  })

  it('refuses more codings than anybody needs', async () => {
    const codings = Array.from({ length: 6 }, () => 'gzip')
    await expect(read(queueOf(Buffer.from('x')), { codings })).rejects.toMatchObject({ reason: 'protocol' })
  })

  it.each([[[]], [['gzip']]])('fails with what the connection failed with, in %j too', async (codings) => {
    const queue = new ChunkQueue()
    queue.push(gzipSync('hello').subarray(0, 12))
    queue.fail(new ProbeFailure('protocol', 'gone'))
    await expect(read(queue, { codings })).rejects.toMatchObject({ reason: 'protocol', message: 'gone' })
  })

  const mebibyte = Buffer.alloc(2 ** 20)
  const mebibytes = (count: number): ChunkQueue => {
    const queue = new ChunkQueue()
    for (let n = 0; n < count; n++) queue.push(mebibyte)
    queue.end()
    return queue
  }
  const tooLarge = {
    reason: 'body',
    message: 'the body cannot be checked: it is larger than 64 MiB',
  }

  it('keeps no more than 64 MiB, whatever is accepted', async () => {
    const accepted = { maxBytes: 2 ** 30 }
    await expect(read(mebibytes(65), accepted)).rejects.toMatchObject(tooLarge)
    expect((await read(mebibytes(65), { ...accepted, keep: false })).length).toBe(0)
    // To decompress it, it has to be kept.
    const bomb = gzipSync(Buffer.alloc(65 * 2 ** 20), { level: 1 })
    const compressed = { ...accepted, codings: ['gzip'], keep: false }
    await expect(read(queueOf(bomb, 2 ** 16), compressed)).rejects.toMatchObject(tooLarge)
    await expect(read(mebibytes(66), compressed)).rejects.toMatchObject(tooLarge)
  })
})
