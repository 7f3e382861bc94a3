import { describe, expect, it } from 'vitest'
import { parse } from '../../support/parse-config.ts'

const text = `defaults:
  alert_after: 5
  expect:
    max_latency: 2s
modules:
  patient:
    interval: 2m
    expect:
      max_error_rate: 1%
targets:
  - https://example.com
  - name: shop
    url: https://shop.example.com
    module: patient
    expect:
      max_latency: 300ms
`

describe('where a key of a target was written', () => {
  const { originOf = () => '' } = parse(text, { origins: true })

  it.each([
    ['shop', ['expect', 'max_latency'], 'targets.yml:16'],
    ['shop', ['alert_after'], 'defaults, targets.yml:2'],
    ['shop', ['interval'], 'module patient, targets.yml:7'],
    ['shop', ['expect', 'slo'], '100% less expect.max_error_rate, module patient, targets.yml:9'],
    ['https://example.com', ['expect', 'max_latency'], 'defaults, targets.yml:4'],
    ['https://example.com', ['interval'], 'the built-in default'],
    ['https://example.com', ['expect', 'certificate_days'], 'the built-in default'],
    ['nobody', ['interval'], undefined],
  ])('%s, %j: %s', (target, key, place) => {
    expect(originOf(target, key)).toBe(place)
  })

  it('is forgotten where nobody asks', () => {
    expect(parse(text).originOf).toBeUndefined()
  })
})
