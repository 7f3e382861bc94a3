import { readAnswer } from '../../../src/net/http1/answer.ts'
import type { AnswerHead } from '../../../src/net/http1/head.ts'

/** All that a reader made of an answer. */
export interface Reading {
  readonly heads: readonly AnswerHead[]
  /** One character a byte. */
  readonly body: string
  /** None where it is not over. */
  readonly ends: readonly string[]
  /** Answers in advance. */
  readonly informational: number
  readonly oddities: readonly string[]
}

export interface ReadingOptions {
  /** Where the pieces begin in which the bytes come. Default: one piece. */
  readonly cuts?: readonly number[]
  /** How the connection ends. Default: the other side closes it. */
  readonly close?: 'orderly' | 'broken' | 'not at all'
  readonly maxHeadBytes?: number
  /** Whether the answer is one to HEAD. Default: no. */
  readonly bodiless?: boolean
}

export const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1')

export function read(bytes: Buffer, options: ReadingOptions = {}): Reading {
  const { cuts = [], close = 'orderly', maxHeadBytes = 1000, bodiless = false } = options
  const heads: AnswerHead[] = []
  const ends: string[] = []
  let informational = 0
  let body = ''
  const oddities = new Set<string>()
  const reader = readAnswer({
    maxHeadBytes,
    bodiless,
    note: (oddity) => oddities.add(oddity),
    onInformational: () => informational++,
    onHead: (head) => heads.push(head),
    onData: (data) => (body += data.toString('latin1')),
    onEnd(end) {
      ends.push(end.how === 'invalid' ? `invalid: ${end.why}` : end.how)
      if (end.how === 'cut' && end.head) heads.push(end.head)
    },
  })
  const borders = [0, ...[...cuts].sort((a, b) => a - b), bytes.length]
  for (const [index, from] of borders.slice(0, -1).entries())
    reader.push(bytes.subarray(from, borders[index + 1]))
  if (close !== 'not at all') reader.close(close === 'orderly')
  return { heads, body, ends, informational, oddities: [...oddities].sort() }
}
