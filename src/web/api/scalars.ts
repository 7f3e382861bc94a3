import { z } from 'zod'

// What the shapes of several answers are made of.

export const name = z.string().describe('Name of the target.')
export const time = z.iso.datetime().describe('UTC.')
export const seconds = z.number().nonnegative()
export const ratio = z.number().min(0).max(1)
export const availability = ratio
  .nullable()
  .describe('Share of checks that succeeded; null if there was none.')
export const reason = z.string().describe('Why, in one word: dns, connect, tls, timeout, status, ...')
export const message = z.string().describe('What was expected and what was seen, without secrets.')
