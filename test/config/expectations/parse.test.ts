import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { exactly, parseExpectations } from '../../../src/config/expectations/parse.ts'

const word = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,8}$/)
const name = fc.array(word, { minLength: 1, maxLength: 4 }).map((words) => words.join('.'))
const space = fc.constantFrom(' ', '\n', '\r\n', '\t', '  ', ' # a comment }\n', ' // method x() {\n')
const parameters = fc
  .array(fc.tuple(word, word), { maxLength: 3 })
  .map((pairs) => pairs.map(([type, parameter]) => `${type} ${parameter}`).join(', '))
const latency = fc.oneof(
  fc.integer({ min: 1, max: 86_400_000 }).map((ms) => ({ text: `${ms}ms`, seconds: ms / 1000 })),
  fc.integer({ min: 1, max: 1_000_000 }).map((us) => ({ text: `${us}us`, seconds: us / 1e6 })),
  fc.integer({ min: 1, max: 86_400 }).map((s) => ({ text: `${s}s`, seconds: s })),
)
const rate = fc
  .integer({ min: 0, max: 1000 })
  .map((tenths) => ({ text: `${tenths / 10}%`, ratio: tenths / 1000 }))
const method = fc.record({
  name,
  parameters,
  latency: fc.option(latency),
  key: fc.constantFrom('latency', 'max_latency'),
  rate: fc.option(rate),
})

describe('an expectation file', () => {
  it('is read back whatever white space and comments stand between its words', () => {
    fc.assert(
      fc.property(fc.array(method, { maxLength: 5 }), space, (methods, gap) => {
        const text = methods
          .map((one) =>
            [
              'method',
              `${one.name}(${one.parameters})`,
              '{',
              one.latency && `${one.key} = ${one.latency.text}`,
              one.rate && `max_error_rate=${one.rate.text}`,
              '}',
            ]
              .filter((part) => part !== null)
              .join(gap),
          )
          .join(gap)
        const { methods: read, problems } = parseExpectations(gap + text)
        expect(problems).toEqual([])
        expect(read.map((one) => one.name)).toEqual(methods.map((one) => one.name))
        for (const [index, one] of methods.entries()) {
          const { maxLatency = -1, maxErrorRatio = -1 } = read[index]!
          expect(maxLatency).toBeCloseTo(one.latency?.seconds ?? -1, 9)
          expect(maxErrorRatio).toBeCloseTo(one.rate?.ratio ?? -1, 9)
        }
      }),
    )
  })

  it('never makes the parser throw or hang, and what is wrong has a place inside it', () => {
    const piece = fc.constantFrom(
      'method',
      'a.b',
      '(',
      ')',
      '{',
      '}',
      '=',
      '1s',
      '5%',
      '#',
      '//',
      '\n',
      ' ',
      ',',
    )
    const junk = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.array(piece).map((pieces) => pieces.join(' ')),
    )
    fc.assert(
      fc.property(junk, (text) => {
        const lines = text.split(/\r\n|\r|\n/)
        for (const { line, column, message } of parseExpectations(text).problems) {
          expect(line).toBeLessThanOrEqual(lines.length)
          expect(column).toBeLessThanOrEqual(lines[line - 1]!.length + 1)
          expect(message).toMatch(/expected|already/)
        }
      }),
      { numRuns: 2000 },
    )
  })

  it('says where each of its methods stands', () => {
    expect(parseExpectations('\n  method a() {}\n  /x\n').methods).toEqual([
      { name: 'a', line: 2, column: 3 },
    ])
  })

  it('goes on with the next method after a mistake', () => {
    const { methods, problems } = parseExpectations('method a() { speed = 1 }\nmethod b() {}\nb()')
    expect(methods.map((one) => one.name)).toEqual(['b'])
    expect(problems.map(({ line, column }) => [line, column])).toEqual([
      [1, 14],
      [3, 1],
    ])
  })
})

describe('forms that other tools and people write', () => {
  it.each([
    ['max_latency = 100ms', { maxLatency: 0.1 }],
    ['max_latency: 100 ms', { maxLatency: 0.1 }],
    ['latency=1m', { maxLatency: 60 }],
    ['max_latency: 0.5s; max_error_rate: 0.5 %;', { maxLatency: 0.5, maxErrorRatio: 0.005 }],
    ['max_latency = 1s, max_error_rate = 1%', { maxLatency: 1, maxErrorRatio: 0.01 }],
    ['/* of\n * the shop } */ latency /**/ = /* = */ 2s', { maxLatency: 2 }],
    [
      'severity = warning notify = slack, on-call, latency = 1s',
      { severity: 'warning', notify: ['slack', 'on-call'], maxLatency: 1 },
    ],
    ['missing = off', { missing: 'off' }],
    ['runbook = https://wiki.example.com/pay', { runbook: 'https://wiki.example.com/pay' }],
    [
      'runbook: "https://wiki.example.com:8443/pay#latency" // here',
      { runbook: 'https://wiki.example.com:8443/pay#latency' },
    ],
  ])('%s', (settings, expected) => {
    expect(parseExpectations(`method a.b() { ${settings}\n }`)).toEqual({
      methods: [{ name: 'a.b', line: 1, column: 1, ...expected }],
      problems: [],
      notices: [],
    })
  })

  it.each(['a.b', 'c::d', 'App->pay', 'com.acme.Pay$Inner.charge', 'zahlung.überweisen'])(
    'method %s',
    (name) => {
      const text = `method ${name} {}\nmethod ${name}(Map<String, List<int>> x, int... y): Charge {}\nmethod "${name} now"() {}`
      const { methods, problems } = parseExpectations(text)
      expect(problems).toEqual([])
      expect(methods.map((method) => method.name)).toEqual([name, name, `${name} now`])
    },
  )

  it.each(['', ' a', 'a ', 'a\tb', 'a\u001b[2J'])(
    'method %j is not a name that a target can have',
    (name) => {
      const { methods, problems } = parseExpectations(`method "${name}" {}\nmethod b {}`)
      expect(methods.map((method) => method.name)).toEqual(['b'])
      expect(problems).toEqual([
        {
          line: 1,
          column: 8,
          message: 'is not a valid name: expected text without spaces around it and without line breaks',
        },
      ])
    },
  )

  it('a name is no longer than what a call can name', () => {
    expect(parseExpectations(`method ${'a'.repeat(200)} {}`).problems).toEqual([])
    for (const name of ['a'.repeat(201), `"${'a '.repeat(100)}a"`]) {
      const [problem] = parseExpectations(`method ${name} {}`).problems
      expect(problem?.message).toBe('is longer than the 200 characters that a call can name')
    }
  })

  it('what is in quotes is text, whatever it looks like', () => {
    const { methods, problems } = parseExpectations(
      'method "method" { latency = 1s } method "}" { latency = 2s }',
    )
    expect(problems).toEqual([])
    expect(methods.map(({ name, maxLatency }) => [name, maxLatency])).toEqual([
      ['method', 1],
      ['}', 2],
    ])
    expect(parseExpectations('"token"=x').problems[0]?.message).toBe(
      'expected method or the end of the file, got "token"',
    )
  })

  it.each([
    ['method a {}\n/* old\nmethod b {}', 2, 1],
    ['method a {}\nmethod b { latency = 1s /* fast\n}', 2, 25],
    ['method a {}\ntoken=ab/*cd\nmethod b {}', 2, 9],
    ['method a {}\n/*/', 2, 1],
  ])('a comment that is not closed hides no methods: %j', (text, line, column) => {
    const { methods, problems } = parseExpectations(text)
    expect(methods.map(({ name }) => name)).toEqual(['a'])
    expect(problems).toEqual([{ line, column, message: 'the comment is not closed: expected */' }])
  })

  it('a method may stand behind the token', () => {
    const { methods, notices } = parseExpectations('token=x method a {}')
    expect([methods.length, notices.length]).toEqual([1, 1])
  })

  it.each([
    ['method a { max_error_rate = 0.01 }', '(did you mean 0.01% or 1%?)'],
    ['method a { max_error_rate = 5 }', '(did you mean 5%?)'],
    ['method my-method {}', 'got "my-method"; write other names in quotation marks'],
  ])('%s: %s', (text, words) => {
    expect(parseExpectations(text).problems[0]?.message).toContain(words)
  })

  it('the token is never quoted', () => {
    const text = JSON.stringify(parseExpectations('token s3cr3t\ntoken\nmethod a {}\ntoken = "s3cr3t" }'))
    expect(text).not.toContain('s3cr3t')
    expect(text).toContain('"name":"a"')
  })

  it('the token of Mintaro is accepted, with a notice', () => {
    const file = parseExpectations('token=a{b}=c // d\nmethod a() {}\ntoken: x')
    expect(file.methods).toHaveLength(1)
    expect(file.problems).toEqual([])
    expect(file.notices.map(({ line, message }) => [line, message.slice(0, 19)])).toEqual([
      [1, 'token is not needed'],
      [3, 'token is not needed'],
    ])
    expect(JSON.stringify(file)).not.toContain('a{b}')
  })
})

describe('the name of a method', () => {
  it('matches itself and nothing else', () => {
    fc.assert(
      fc.property(name, name, (one, other) => {
        const { regex } = exactly(one)
        expect(regex.matcher(one).find()).toBe(true)
        expect(regex.matcher(other).find()).toBe(one === other)
        expect(regex.matcher(`${one}d`).find()).toBe(false)
        expect(regex.matcher(one.replace('.', 'x')).find()).toBe(!one.includes('.'))
      }),
    )
  })
})
