import { readAnswer, type AnswerEnd } from '../../../src/net/http1/answer.ts'
import type { AnswerHead } from '../../../src/net/http1/head.ts'

/** All that a reader made of an answer. */
export interface Reading {
  readonly heads: readonly AnswerHead[]
  /** One character a byte. */
  readonly body: string
  /** None where it is not over. */
  readonly ends: readonly AnswerEnd[]
  readonly oddities: readonly string[]
}

export interface ReadingOptions {
  /** Where the pieces begin in which the bytes come. Default: one piece. */
  readonly cuts?: readonly number[]
  /** How the connection ends. Default: the other side closes it. */
  readonly close?: 'orderly' | 'broken' | 'not at all'
  readonly maxHeadBytes?: number
}

export const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1')

export function read(bytes: Buffer, options: ReadingOptions = {}): Reading {
  const { cuts = [], close = 'orderly', maxHeadBytes = 1000 } = options
  const heads: AnswerHead[] = []
  const ends: AnswerEnd[] = []
  let body = ''
  const reader = readAnswer({
    maxHeadBytes,
    onHead: (head) => heads.push(head),
    onData: (data) => (body += data.toString('latin1')),
    onEnd: (end) => ends.push(end),
  })
  const borders = [0, ...[...cuts].sort((a, b) => a - b), bytes.length]
  for (const [index, from] of borders.slice(0, -1).entries())
    reader.push(bytes.subarray(from, borders[index + 1]))
  if (close !== 'not at all') reader.close(close === 'orderly')
  return { heads, body, ends, oddities: [...reader.oddities].sort() }
}
