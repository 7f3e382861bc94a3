import { expect, it } from 'vitest'
import { Rate } from '../../../src/exporter/threads/rate.ts'

function rateOf(times: readonly number[], now: number): number {
  const rate = new Rate()
  for (const time of times) rate.count(time)
  return rate.perSecond(now)
}

const steady = (perSecond: number, seconds: number): number[] =>
  Array.from({ length: perSecond * seconds }, (_none, index) => 100 + index / perSecond)

it.each([
  ['what has not begun', [], 5, 0],
  ['a steady rate, without the second that is under way', steady(30, 10.5), 110.4, 30],
  ['a rate that has just begun', steady(30, 2), 102.5, 15],
  ['what ended', steady(30, 10), 112.5, 15],
  ['what ended a while ago', steady(30, 10), 1000, 0],
])('counts %s', (_what, times, now, expected) => {
  expect(rateOf(times, now)).toBe(expected)
})
