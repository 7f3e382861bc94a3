import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { cleanField } from '../../../client/src/wire/clean.ts'
import { decodeDatagram, encodeCall, limits, type CallRecord } from '../../../client/src/wire.ts'

const decode = (line: string) => decodeDatagram(Buffer.from(line))

describe('a line of version 2', () => {
  it.each<{ call: CallRecord; line: string }>([
    {
      call: { method: 'GET', url: 'https://h.example:8443/v1', durationSeconds: 0.0123456, status: 200 },
      line: '2\tGET\thttps://h.example:8443/v1\t12.346\t200\t\t\t\t\n',
    },
    {
      call: {
        operation: 'stripe.Charge.create',
        durationSeconds: 0,
        caller: 'shop',
        version: '1',
        error: 'TypeError',
      },
      line: '2\t\t\t0.000\t\tstripe.Charge.create\tshop\t1\tTypeError\n',
    },
    {
      call: { method: 'GET', url: 'https://me:pw@h.example/a?key=secret#top', durationSeconds: 1, status: 0 },
      line: '2\tGET\thttps://h.example/a\t1000.000\t0\t\t\t\t\n',
    },
    {
      call: { method: 'GET', url: 'not a URL?secret', durationSeconds: 1 },
      line: '2\tGET\t\t1000.000\t\t\t\t\t\n',
    },
    {
      call: { operation: 'two\nlines\tand a tab', durationSeconds: 1 },
      line: '2\t\t\t1000.000\t\ttwo lines and a tab\t\t\t\n',
    },
  ])('$line', ({ call, line }) => {
    expect(encodeCall(call)).toBe(line)
  })

  it('stays below a datagram of 1 KiB when it is ASCII', () => {
    const long = 'x'.repeat(100_000)
    const line = encodeCall({ operation: long, caller: long, version: long, error: long, durationSeconds: 1 })
    expect(line.length).toBeLessThan(1024)
    expect(encodeCall({ method: 'GET', url: `https://h/${long}`, durationSeconds: 1 }).length).toBeLessThan(
      1024,
    )
  })

  it('comes back as it was', () => {
    const text = fc.oneof(
      fc.string(),
      fc.string({ unit: 'binary', maxLength: 300 }),
      fc.string({ unit: 'grapheme' }),
    )
    const segments = fc.array(
      fc.string({ unit: fc.constantFrom('a', '-', '.', '~', '%20', ' ', 'é', '☃', ':', '@') }),
      { maxLength: 4 },
    )
    fc.assert(
      fc.property(
        fc.constantFrom('GET', 'POST', 'PROPFIND'),
        fc.webAuthority({ withUserInfo: true, withPort: true }),
        segments,
        fc.webQueryParameters(),
        fc.integer({ min: 0, max: 86_400_000_000 }),
        fc.option(fc.integer({ min: 0, max: 999 }), { nil: undefined }),
        fc.record({ operation: text, caller: text, version: text, error: text }),
        (method, authority, path, query, microseconds, status, fields) => {
          const url = `https://${authority}/${path.join('/')}?${query}`
          const durationSeconds = microseconds / 1e6
          const line = encodeCall({
            method,
            url,
            durationSeconds,
            ...(status === undefined ? {} : { status }),
            ...fields,
          })
          const { calls } = decode(line)
          expect(calls).toEqual([
            {
              wireVersion: 2,
              method,
              host: new URL(`https://${authority}`).hostname,
              path: `/${path.join('/')}`.slice(0, limits.path).toWellFormed(),
              durationSeconds: expect.closeTo(durationSeconds, 8),
              status,
              operation: cleanField(fields.operation, limits.operation),
              caller: cleanField(fields.caller, limits.caller),
              version: cleanField(fields.version, limits.version),
              error: cleanField(fields.error, limits.error),
            },
          ])
        },
      ),
      { numRuns: 2000 },
    )
  })

  it('cleans a field once and for all', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
        const once = cleanField(text, 100)
        expect(cleanField(once, 100)).toBe(once)
        expect(once.length).toBeLessThanOrEqual(100)
      }),
    )
  })
})
