import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fillTemplate, hasFixedHost, labelsIn } from '../../../src/config/discovery/template.ts'
import { createExpander } from '../../../src/settings/secrets.ts'

describe('a template', () => {
  it('has labels where they are named, at any depth', () => {
    const template = { name: '{shop}', port: 3, expect: { body: ['in {city:-nowhere}', 4] } }
    expect([...labelsIn(template)]).toEqual(['shop', 'city'])
    expect(fillTemplate(template, { shop: 'a' })).toEqual({
      name: 'a',
      port: 3,
      expect: { body: ['in nowhere', 4] },
    })
    expect(fillTemplate(template, { shop: 'a', city: 'b' })).toMatchObject({ expect: { body: ['in b', 4] } })
  })

  it.each(['${NAME}', '$${NAME}', '{{variable}}', '{"a": 1}', '{3}', '{}', 'a{2,3}'])(
    'takes %s as it is',
    (text) => {
      expect(fillTemplate(text, { NAME: 'x', variable: 'y' })).toBe(text)
    },
  )

  it.each([
    ['is missing', {}, 'has no label a: give a default with {a:-default}'],
    ['is empty', { a: '' }, 'has no label a: give a default with {a:-default}'],
    ['is inherited by every object', {}, 'has no label a: give a default with {a:-default}'],
    [
      'names the environment',
      { a: '${SECRET}' },
      'label a contains $, {, } or a control character, which a template does not take',
    ],
    [
      'names a variable',
      { a: '{{token}}' },
      'label a contains $, {, } or a control character, which a template does not take',
    ],
    [
      'begins another line',
      { a: 'x\nHost: y' },
      'label a contains $, {, } or a control character, which a template does not take',
    ],
    ['is too long', { a: 'x'.repeat(1025) }, 'label a is longer than 1024 characters'],
  ])('takes no label that %s', (_what, labels, message) => {
    expect(() => fillTemplate('{a}', labels)).toThrow(message)
  })

  it('takes no label from what every object has', () => {
    expect(() => fillTemplate('{constructor}', {})).toThrow('has no label constructor')
  })

  it('never has a label expanded, whatever stands next to what', () => {
    const { expand } = createExpander({ env: { SECRET: 'sesame' }, directory: '/' })
    const text = fc.string({ unit: fc.constantFrom('$', '{', '}', 'SECRET', ':-', 'a', '\\') })
    const pieces = fc.array(
      fc.oneof(
        text.filter((one) => !one.includes('${')),
        fc.constantFrom('{a}', '{b}', '{c:-d}'),
      ),
    )
    fc.assert(
      fc.property(pieces, text, text, (parts, a, b) => {
        const template = parts.join('')
        fc.pre(!template.includes('${'))
        let filled = ''
        try {
          filled = String(fillTemplate(template, { a, b }))
        } catch {
          return
        }
        expect(filled).not.toContain('${')
        expect(expand(filled).value).toBe(filled)
      }),
      { numRuns: 500 },
    )
  })
})

describe('the host of a template', () => {
  it.each([
    { url: 'https://shop.example.com/{path}' },
    { url: 'https://shop.example.com?shop={path}', labels: { a: '{a}' }, headers: { 'X-Shop': '{a}' } },
    { url: 'https://shop.example.com', name: '{a}' },
    { tcp: 'db.example.com:5432', name: '{a}' },
  ])('is fixed in %o', (template) => {
    expect(hasFixedHost(template)).toBe(true)
  })

  it.each([
    { url: 'https://{__address__}/' },
    { url: 'https://shop.example.com{path}' },
    { url: 'https://shop.example.com:{port}/' },
    { url: 'https://user@shop.example.com{a}/' },
    { url: 'https:{a}' },
    { url: 'https://shop.example.com/', proxy: 'http://{a}' },
    { tcp: 'db.example.com:{port}' },
    { url: 'https://shop.example.com/', module: '{a}' },
  ])('is up to a label in %o', (template) => {
    expect(hasFixedHost(template)).toBe(false)
  })
})
