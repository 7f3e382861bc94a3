import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import type { TransactionStep } from '../../../src/checks/transaction/schema.ts'
import type { HttpCheck } from '../../../src/checks/http/schema.ts'
import { fillRequest } from '../../../src/checks/transaction/fill.ts'
import { parseTarget } from '../../support/parse-config.ts'

/** The second step of a transaction whose first one captures v and w. */
function stepOf(written: object): TransactionStep {
  const steps = [
    { name: 'a', url: 'https://shop.example/', capture: { v: { header: 'v' }, w: { header: 'w' } } },
    { name: 'b', url: 'https://shop.example/b', ...written },
  ]
  const { check } = parseTarget(JSON.stringify({ targets: [{ name: 'shop', steps }] }))
  if (check.kind !== 'transaction') throw new Error('expected a transaction')
  return check.steps[1]!
}

function filled(written: object, v: string, w = 'w'): HttpCheck {
  return fillRequest(stepOf(written), new Map(Object.entries({ v, w })))
}

const text = fc.string({ unit: 'binary', minLength: 1 }).filter((value) => value.isWellFormed())
const json = { 'Content-Type': 'application/json; charset=utf-8' }

describe('a variable', () => {
  it('in a URL stays within its segment or its parameter', () => {
    fc.assert(
      fc.property(text, (value) => {
        fc.pre(!/^\.\.?$/.test(value))
        const { url } = filled({ url: 'https://shop.example/x/{{v}}/y?a={{v}}&b=1' }, value)
        expect(url.origin).toBe('https://shop.example')
        expect(url.pathname.split('/').map(decodeURIComponent)).toEqual(['', 'x', value, 'y'])
        expect([...url.searchParams]).toEqual([
          ['a', value],
          ['b', '1'],
        ])
        expect(url.hash).toBe('')
      }),
    )
  })

  it.each(['.', '..'])('%s in a path is not sent, because it would lead elsewhere', (value) => {
    expect(() => filled({ url: 'https://shop.example/x/{{v}}/y' }, value)).toThrow(
      'would lead to another path',
    )
    expect(() => filled({ url: 'https://shop.example/{{v}}{{w}}' }, '.', '.')).toThrow(
      'would lead to another path',
    )
  })

  it('in JSON is one text within quotes, and one value outside of them', () => {
    fc.assert(
      fc.property(text, (value) => {
        const body = '{"a": "x \\" {{v}} \\\\", "b": {{v}}, "c": ["{{v}}"]}'
        const { a, b, c } = JSON.parse(filled({ headers: json, body }, value).body!) as Record<
          string,
          unknown
        >
        expect(a).toBe(`x " ${value} \\`)
        expect(String(b)).toBe(value)
        expect(c).toEqual([value])
      }),
    )
  })

  it.each([
    ['17', 17],
    ['-1.5', -1.5],
    ['true', true],
    ['007', '007'],
    ['1e999', '1e999'],
    ['null', 'null'],
    ['{}', '{}'],
  ])('in JSON outside of quotes: %s', (value, expected) => {
    expect(JSON.parse(filled({ body: '{"a": {{v}}}' }, value).body!)).toEqual({ a: expected })
  })

  it('in a form is one parameter', () => {
    fc.assert(
      fc.property(text, (value) => {
        const headers = { 'content-type': 'application/x-www-form-urlencoded' }
        const { body } = filled({ headers, body: 'a={{v}}&b=1' }, value)
        expect([...new URLSearchParams(body)]).toEqual([
          ['a', value],
          ['b', '1'],
        ])
      }),
    )
  })

  it('in XML is text', () => {
    const headers = { 'Content-Type': 'application/soap+xml' }
    expect(filled({ headers, body: '<a b="{{v}}">{{v}}</a>' }, `<x y='z'>&"`).body).toBe(
      '<a b="&lt;x y=&#39;z&#39;&gt;&amp;&quot;">&lt;x y=&#39;z&#39;&gt;&amp;&quot;</a>',
    )
  })

  it('in any other body is as it is, and a backslash makes braces literal', () => {
    const headers = { 'Content-Type': 'text/plain' }
    expect(filled({ headers, body: '{{v}} \\{{v}} {{w}}' }, '"<&').body).toBe('"<& {{v}} w')
  })

  it('in a header never ends it', () => {
    fc.assert(
      fc.property(text, (value) => {
        try {
          expect(filled({ headers: { X: 'a {{v}}' } }, value).headers['X']).toBe(`a ${value}`)
          expect(value).toMatch(/^[\t\x20-\x7e\x80-\xff]*$/)
        } catch (error) {
          expect(String(error)).toContain('the value of v contains a character that cannot be sent there')
          expect(value).not.toMatch(/^[\t\x20-\x7e\x80-\xff]*$/)
        }
      }),
    )
  })

  it('in credentials is part of them, where it can be', () => {
    expect(filled({ auth: { bearer: '{{v}}' } }, 'abc').auth).toEqual({ type: 'bearer', token: 'abc' })
    expect(() => filled({ auth: { bearer: '{{v}}' } }, 'a b')).toThrow('cannot be sent there')
    const basic = { username: 'me', password: '{{v}}' }
    expect(filled({ auth: { basic } }, 'a b:c').auth).toEqual({
      type: 'basic',
      username: 'me',
      password: 'a b:c',
    })
  })
})

describe('a request without variables', () => {
  it('is the check as it is', () => {
    const step = stepOf({ auth: { bearer: 'abc' }, body: 'a}}' })
    expect(fillRequest(step, new Map())).toEqual(step.check)
    expect(fillRequest(step, new Map()).auth).toBe(step.check.auth)
  })
})
