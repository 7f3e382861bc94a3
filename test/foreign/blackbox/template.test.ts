import { describe, expect, it } from 'vitest'
import { translateModule } from '../../../src/foreign/blackbox/module.ts'

const steps = (...query_response: object[]): unknown =>
  translateModule('it', { prober: 'tcp', tcp: { query_response } }, [], (path) => path).keys['dialogue']

describe('a query_response', () => {
  it.each([
    ['^(?P<a>.)(.)', 'x $1 ${2} $a ${a} end', 'x $<1> $<2> $<a> $<a> end'],
    ['^(.)', '$1x $2 ${nobody} $$ $', '   $$ $$'],
    ['^(.)', '$01', '$<1>'],
    [undefined, '$1 $$ ${x}', '$$1 $$$$ $$${x}'],
  ])('%p: says %j as %j', (pattern, send, ours) => {
    expect(steps({ ...(pattern !== undefined && { expect: pattern }), send })).toEqual([
      { ...(pattern !== undefined && { expect: pattern }), send: ours },
    ])
  })

  it('has labels', () => {
    const labels = [
      { name: 'software', value: '$2' },
      { name: 'fixed', value: 'yes' },
    ]
    expect(steps({ expect: '^(.)(.)', labels })).toEqual([
      { expect: '^(.)(.)', labels: { software: '$<2>', fixed: 'yes' } },
    ])
  })
})
