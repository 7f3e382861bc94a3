import fc from 'fast-check'
import { celProblem, judgeCel } from '../../../src/checks/http/body/cel.ts'
import { parseDocument, parseExactly } from '../../../src/checks/http/json-path/document.ts'
import { select } from '../../../src/checks/http/json-path/select.ts'
import { Steps, TooManySteps } from '../../../src/checks/http/json-path/steps.ts'
import { checkJsonPath } from '../../../src/checks/http/settings/values.ts'
import {
  compareNumbers,
  type Decimal,
  exactJson,
  exactOf,
  isNumber,
  rounded,
} from '../../../src/lib/text/decimal.ts'
import { ValueError } from '../../../src/settings/values/value.ts'
import { joined } from '../grammar.ts'
import { expectThat, expectWords, refusable, type Parser } from '../parser.ts'

const document = parseDocument(
  '{"a":{"b":[1,2,{"c":"x","d":12345678901234567890}],"x y":true,"":null},"list":[{"id":1,"ok":true},{"id":2,"ok":false}],"s":"caf\\u00e9 \\ud83d\\ude00","t":"caf\\u00e9","other":{"b":[1,2,{"d":12345678901234567890,"c":"x"}],"x y":true,"":null}}',
)
if (!('document' in document)) throw new Error('the document of the fuzzer is not valid')
const { document: value } = document

const segment = fc.constantFrom(
  '.a',
  '.b',
  '[0]',
  '[-1]',
  '[1:3]',
  '[::-1]',
  '[::2]',
  "['x y']",
  '..c',
  '.*',
  '[*]',
  '..*',
  '["a","list"]',
  '[?@.id==1]',
  '[?@.ok]',
  '[?@.id>1 && @.ok!=true]',
  '[?!@.ok]',
  '[?length(@.s)>1]',
  '[?count(@.*)==2]',
  '[?match(@.c,"x")]',
  '[?@==$.a]',
  '[?@!=$.list]',
  '[?$.a==$.other]',
  '[?$.list==$.a.b]',
  '[?$.list[0]!=$.list[1]]',
  '[?$.s>$.t]',
  '[?$.s<=$.s]',
  '[?$.a.b[2].d>1]',
  '[?@.b==@.list]',
  '[?length("\\ud83d\\ude00x")==2]',
  '[?length(value(@..c))>=1]',
  '[?length(value(@..nothing))==0]',
  '[?length($.s)<9]',
  '[?length(1)==1]',
  '[?length(!@.a)==1]',
  '[?length($..*)==1]',
  '[?length($.a)>=length($.list)]',
  '[?count(1)==1]',
  '[-1:-9:-1]',
  '[9:-9]',
  '..*..*..*..*',
  '[?value(@..id)==1]',
  '[?$.a.b[0]==1]',
  '.list',
)

export const jsonPath: Parser = {
  name: 'json-path',
  seeds: [
    '$.a.b[2].c',
    '$..id',
    '$.list[?@.ok==true].id',
    "$['a']['x y']",
    '$.a.b[0:2:1]',
    '$[?(@.id<3 || @.id>=1)]',
  ],
  grammar: joined(segment, '', 4).map((text) => `$${text}`),
  tokens: [
    '$',
    '@',
    '..',
    '.*',
    '[',
    ']',
    '?',
    '(',
    ')',
    '==',
    '!=',
    '<=',
    '&&',
    '||',
    '!',
    "'",
    '"',
    ',',
    ':',
    '-1',
    'length(',
    'count(',
    'match(',
    'null',
    'true',
    '\\u0041',
  ],
  sources: ['select', 'filter', 'compare', 'length', 'nesting', 'steps'].map(
    (file) => `src/checks/http/json-path/${file}.ts`,
  ),
  parse: (input) => {
    const path = input.toString()
    return refusable(() => {
      checkJsonPath(path)
      try {
        select(value, path, new Steps(4000))
      } catch (error) {
        if (!(error instanceof TooManySteps)) throw error
        expectWords(error.message)
      }
    }, ValueError)
  },
}

/** Numbers, many of which a double does not hold. */
const number = fc
  .tuple(
    fc.constantFrom('', '-'),
    fc.oneof(fc.nat(20).map(String), fc.bigInt({ min: 0n, max: 2n ** 70n }).map(String)),
    fc.constantFrom('', '', '.0', '.10', '.123456789012345678901'),
    fc.constantFrom('', '', 'e0', 'E2', 'e-3', 'e400'),
  )
  .map((parts) => parts.join(''))

/** The numbers of a document. */
function numbersIn(found: unknown): (number | Decimal)[] {
  if (isNumber(found)) return [found]
  return typeof found === 'object' && found !== null ? Object.values(found).flatMap(numbersIn) : []
}

/** JSON documents, as bodies are read; and numbers, as YAML has them. */
export const jsonDocument: Parser = {
  name: 'json-document',
  seeds: [
    '{"a":[1,2.50,1e400,12345678901234567890,-0],"b":"\\u00e9\\n"}',
    '[]',
    '"x"',
    ' null ',
    '{"__proto__":{"a":1},"a":0.1}',
    `${'['.repeat(1001)}${']'.repeat(1001)}`,
    '[0.10,-0.20,1e400,-1e400,1E3,0.0,-0.0,9007199254740993,9007199254740992,123e-2]',
    '+1.50',
    '.5e1',
    '007',
    '0x1F',
    '0o17',
  ],
  grammar: fc.oneof(
    fc.json(),
    fc.array(number, { minLength: 1, maxLength: 5 }).map((all) => `[${all.join(',')}]`),
    fc.tuple(fc.constantFrom('', '+', '00', '0x'), number).map((parts) => parts.join('')),
  ),
  tokens: [
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"',
    '\\"',
    '\\u00',
    '1e999',
    '-',
    '0.10',
    '12345678901234567890',
    'null',
    'tru',
    '\ufeff',
  ],
  sources: ['src/checks/http/json-path/document.ts', 'src/lib/text/decimal.ts'],
  parse: (input) => {
    const text = input.toString()
    // As YAML reads a number.
    if (/^[-+\dox.eE]{1,40}$/.test(text) && !Number.isNaN(Number(text))) {
      const exact = exactOf(Number(text), text)
      expectThat(!Number.isNaN(Number(rounded(exact))), 'it makes a number of something else')
      expectThat(isNumber(parseExactly(exactJson(exact))), `it writes ${exactJson(exact)}`)
    }
    const parsed = parseDocument(text)
    if ('problem' in parsed) {
      expectWords(parsed.problem)
      return false
    }
    const written = exactJson(parsed.document)
    expectThat(exactJson(parseExactly(written)) === written, `it reads ${written} in another way`)
    const numbers = numbersIn(parsed.document).slice(0, 20)
    for (const [index, left] of numbers.entries()) {
      const right = numbers[(index + 1) % numbers.length] ?? left
      const [one, other] = [compareNumbers(left, right), compareNumbers(right, left)]
      expectThat(
        Math.sign(one) === -Math.sign(other) &&
          compareNumbers(left, left) === 0 &&
          !Number.isNaN(compareNumbers(Number(rounded(left)), right)),
        `${exactJson(left)} and ${exactJson(right)} have no order`,
      )
    }
    return true
  },
}

const celTerm = fc.constantFrom(
  'body.a',
  'body.list[0].id',
  'body.s',
  '1',
  '2.5',
  '"x"',
  'true',
  'null',
  'size(body.list)',
  'body.s.size()',
  '[1,2]',
  '{"a":1}',
  'body.?a',
  'has(body.a)',
  'body["a"]',
)
const celCondition = fc
  .tuple(celTerm, fc.constantFrom('==', '!=', '<', '>=', 'in', '+', '&&', '||'), celTerm)
  .map((parts) => parts.join(' '))

export const cel: Parser = {
  name: 'cel',
  seeds: [
    'body.a == 1',
    'body.list.all(x, x.id > 0)',
    'body.s.matches("caf.*")',
    'has(body.a) && size(body.list) >= 2',
    'body.list.exists(x, x.ok) ? true : false',
    '"x" in body.a',
    'body.s.startsWith("c") || body.s.endsWith("d")',
  ],
  grammar: joined(
    fc.oneof(
      celCondition,
      fc.constantFrom('body.s.matches("[a-z]+")', 'body.list.exists(e, e.id == 1)', '!has(body.z)'),
    ),
    ' && ',
    3,
  ),
  tokens: [
    'body',
    '.',
    '[',
    ']',
    '(',
    ')',
    '==',
    '&&',
    '||',
    '?',
    ':',
    '!',
    'in',
    'has(',
    'size(',
    '.matches("',
    '.all(x, ',
    '.map(x, x)',
    '.exists(',
    '"',
    "'",
    'r"',
    'b"',
    '1u',
    '0x1',
    '1e9',
    'null',
    'duration("1s")',
    'timestamp(',
  ],
  sources: ['src/checks/http/body/cel.ts'],
  parse: (input) => {
    const expression = input.toString()
    const problem = celProblem(expression)
    if (problem !== undefined) {
      expectThat(problem !== '' && !problem.includes('\n'), `the message is ${JSON.stringify(problem)}`)
      return false
    }
    const message = judgeCel(value, { expression, holds: true })
    if (message !== undefined)
      expectThat(!message.includes('\n') && message !== '', 'the message has several lines')
    return true
  },
}
