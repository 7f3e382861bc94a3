import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { frame, healthRequest, readHealth } from '../../../src/checks/grpc/health.ts'

const answer = (...bytes: number[]): ReturnType<typeof readHealth> => readHealth(frame(Buffer.from(bytes)))

describe('the request', () => {
  it('is empty for the server as a whole', () => {
    expect(frame(healthRequest(''))).toEqual(Buffer.from([0, 0, 0, 0, 0]))
  })

  it('has the name of a service as field 1', () => {
    expect(healthRequest('a.B')).toEqual(Buffer.from([0x0a, 3, 0x61, 0x2e, 0x42]))
    expect([...healthRequest('x'.repeat(200)).subarray(0, 3)]).toEqual([0x0a, 0xc8, 0x01])
  })
})

describe('the answer', () => {
  it.each([
    [[], 'UNKNOWN'],
    [[0x08, 0], 'UNKNOWN'],
    [[0x08, 1], 'SERVING'],
    [[0x08, 2], 'NOT_SERVING'],
    [[0x08, 3], 'SERVICE_UNKNOWN'],
    [[0x08, 0x81, 0x00], 'SERVING'],
    // The last one counts, and what is not known is passed over: a text, two fixed numbers, a number.
    [
      [0x08, 2, 0x12, 2, 0x68, 0x69, 0x1d, 0, 0, 0, 0, 0x21, 0, 0, 0, 0, 0, 0, 0, 0, 0x28, 7, 0x08, 1],
      'SERVING',
    ],
  ])('%j is %s', (bytes, status) => {
    expect(answer(...bytes)).toBe(status)
  })

  it.each([
    [[0x08], 'a message that is not a health check response'],
    [[0x08, 0x80], 'a message that is not a health check response'],
    [[0x08, 9], 'the status 9, which does not exist'],
    [[0x0a, 200, 1], 'a message that is not a health check response'],
    [[0x0b], 'a message that is not a health check response'],
    [[0x00, 1], 'a message that is not a health check response'],
    [
      [0x08, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x01],
      'a message that is not a health check response',
    ],
  ])('%j is none', (bytes, problem) => {
    expect(answer(...bytes)).toEqual({ problem })
  })

  it('is exactly one message, not compressed', () => {
    expect(readHealth(Buffer.alloc(4))).toEqual({ problem: 'an answer without a message' })
    expect(readHealth(Buffer.from([1, 0, 0, 0, 0]))).toEqual({
      problem: 'a compressed answer, which was not requested',
    })
    const two = Buffer.concat([frame(Buffer.from([8, 1])), frame(Buffer.from([8, 1]))])
    expect(readHealth(two)).toEqual({ problem: 'an answer that is not exactly one message' })
  })

  it('may be any bytes', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 64 }), (bytes) => {
        for (const body of [Buffer.from(bytes), frame(bytes)]) {
          const health = readHealth(body)
          expect(typeof health === 'string' || health.problem.length > 0).toBe(true)
        }
      }),
    )
  })
})
