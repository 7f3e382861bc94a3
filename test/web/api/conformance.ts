import { expect } from 'vitest'
import type { z } from 'zod'

/** The answer of a URL, which must be as its documentation has it. */
export async function answerOf<T extends z.ZodType>(
  url: string,
  shape: T,
  status = 200,
): Promise<z.output<T>> {
  const response = await fetch(url)
  const body: unknown = await response.json()
  expect([response.status, body]).toEqual([status, expect.anything()])
  expect(response.headers.get('content-type')).toMatch(/^application\/json/)
  return shape.parse(body)
}

/** The same target, which has a check. */
export function checked<T extends object>(target: T): Extract<T, { readonly days: unknown }> {
  expect(target).toHaveProperty('days')
  return target as Extract<T, { readonly days: unknown }>
}
