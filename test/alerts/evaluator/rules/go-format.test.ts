import { describe, expect, it } from 'vitest'
import {
  humanizeDuration,
  humanizePercentage,
  urlQuery,
} from '../../../../src/alerts/evaluator/rules/go-format.ts'

describe('as the templates of Prometheus write it', () => {
  it.each([
    [0, '0s'],
    [0.001, '1ms'],
    [0.1234567, '123.5ms'],
    [0.0000005, '500ns'],
    [1, '1s'],
    [1.5, '1.5s'],
    [59.99, '59.99s'],
    [60, '1m'],
    [90.9, '1m 30s'],
    [3600, '1h'],
    [1_209_600, '14d'],
    [-90_061, '-1d 1h 1m 1s'],
    [Infinity, '+Inf'],
    [NaN, 'NaN'],
  ])('a duration of %d seconds is %s', (seconds, text) => {
    expect(humanizeDuration(seconds)).toBe(text)
  })

  it.each([
    [0, '0%'],
    [0.01, '1%'],
    [0.05, '5%'],
    [1 / 3, '33.33%'],
    [0.12345, '12.35%'],
    [1, '100%'],
    [123.456, '1.235e+04%'],
    [0.0000001, '1e-05%'],
    [0.99996, '100%'],
  ])('a share of %d is %s', (ratio, text) => {
    expect(humanizePercentage(ratio)).toBe(text)
  })

  it('a name in a link', () => {
    expect(urlQuery("https://a/?b&c d!'()*~-_.é")).toBe(
      'https%3A%2F%2Fa%2F%3Fb%26c+d%21%27%28%29%2A~-_.%C3%A9',
    )
  })
})
