import { describe, expect, it } from 'vitest'
import { celProblem, judgeCel } from '../../../../src/checks/http/body/cel.ts'
import { createBodyJudge } from '../../../../src/checks/http/body/judge.ts'
import { createBodyThreads } from '../../../../src/checks/http/body/threads.ts'
import type { BodyQuestion } from '../../../../src/checks/http/body/question.ts'

const holds = (expression: string, document: unknown): boolean =>
  judgeCel(document, { expression, holds: true }) === undefined

describe('an expression of CEL', () => {
  it.each([
    ["body.foo == 'bar' && body.baz.startsWith('q')", { foo: 'bar', baz: 'qux' }, true],
    ['body.n == 1', { n: 1 }, true],
    ['body.list.all(x, x > 1)', { list: [1, 2] }, false],
    // JavaScript knows no such flag: the regex is RE2's.
    ["body.s.matches('(?i)^A+$')", { s: 'aaa' }, true],
    ["body.list.exists(x, x.matches('(?i)B'))", { list: ['a', 'b'] }, true],
    ['has(body.constructor)', {}, false],
  ])('%s of %j is %j', (expression, document, expected) => {
    expect(holds(expression, document)).toBe(expected)
  })

  it.each([
    [{ n: 2 }, 'expected the CEL expression "body.n == 1" to be true, got false'],
    [{}, 'expected the CEL expression "body.n == 1" to be true, but it cannot be evaluated: No such key: n'],
  ])('says what %j lacks', (document, message) => {
    expect(judgeCel(document, { expression: 'body.n == 1', holds: true })).toBe(message)
  })

  it('is shown in one line, as long as it may be', () => {
    expect(judgeCel({ n: 2 }, { expression: 'body.n\n  == 1\n', holds: true })).toBe(
      'expected the CEL expression "body.n == 1" to be true, got false',
    )
  })

  it('has to be a condition', () => {
    const rule = { expression: 'body.n', holds: true }
    expect(judgeCel({ n: 1 }, rule)).toBe(
      'expected the CEL expression "body.n" to be true, got something else',
    )
  })

  it('may have to be false', () => {
    const rule = { expression: 'body.n == 1', holds: false }
    expect(judgeCel({ n: 2 }, rule)).toBeUndefined()
    expect(judgeCel({ n: 1 }, rule)).toBe('expected the CEL expression "body.n == 1" to be false, got true')
    expect(judgeCel({}, rule)).toMatch(/but it cannot be evaluated: No such key: n$/)
  })

  it.each([
    ['body.a == 1', undefined],
    ['body.a', undefined],
    ['1 +', 'Unexpected token: EOF'],
    ['other == 1', 'Unknown variable: other'],
    ["1 + 'a' == 2", 'no such overload: int + string'],
    ['1 + 1', 'its value has the type int, not bool'],
    ['('.repeat(200), 'Exceeded maxDepth (50)'],
  ])('%s is checked before it is used', (expression, problem) => {
    expect(celProblem(expression)).toBe(problem)
  })
})

describe('a document that is judged by CEL', () => {
  const costly: BodyQuestion = {
    contentType: 'application/json',
    captures: [],
    rules: {
      json: [],
      contains: [],
      notContains: [],
      matches: [],
      notMatches: [],
      cel: [
        {
          expression: 'body.all(a, body.all(b, body.all(c, body.all(d, a + b + c + d > 0.0))))',
          holds: true,
        },
      ],
    },
  }
  const document = Buffer.from(JSON.stringify(Array.from({ length: 500 }, () => 1)))

  it('takes no longer than a thread has, while others are judged', async () => {
    const judge = createBodyJudge(createBodyThreads({ count: 1, limitMs: 50 }))
    const judged = judge(document, costly, new AbortController().signal)
    await expect(judged).rejects.toMatchObject({
      reason: 'body',
      message: 'the body cannot be checked: that takes longer than 0.05 s',
    })
  })

  it('ends with its probe', async () => {
    const judge = createBodyJudge(createBodyThreads({ count: 1 }))
    const signal = AbortSignal.timeout(50)
    await expect(judge(document, costly, signal)).rejects.toBe(
      await new Promise((resolve) => {
        signal.addEventListener('abort', () => {
          resolve(signal.reason)
        })
      }),
    )
  })
})
