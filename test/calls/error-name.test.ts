import { expect, it } from 'vitest'
import { errorName } from '../../src/calls/error-name.ts'

it.each([
  [503, '', '503'],
  [503, 'ServiceUnavailable', '503'],
  [0, 'ETIMEDOUT', 'ETIMEDOUT'],
  [undefined, 'stripe.RateLimitError', 'stripe.RateLimitError'],
  [0, '', 'none'],
  [0, 'no such user: alice@example.com', 'unnamed'],
  [0, 'x'.repeat(61), 'unnamed'],
])('an error with status %s and the name %j counts as %s', (status, error, name) => {
  expect(errorName({ status, error })).toBe(name)
})
