import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { runProbe } from '../../../../src/checks/run.ts'
import { parseTarget } from '../../../support/parse-config.ts'
import { startFaultServer, type FaultServer } from '../../../support/servers/fault-server.ts'
import { answer } from '../../../support/servers/faults.ts'

const document = JSON.stringify({
  status: 'degraded',
  queued: 12,
  price: 0.5,
  incidents: [],
  meta: {},
  version: '2.14.1',
  nothing: null,
  tags: ['eu', 'blue', 3],
  owner: { team: 'shop', gt: 1 },
  name: 'Zoë🦊',
  items: [
    { state: 'ok', n: 1 },
    { state: 'failed', n: 5 },
  ],
})

let server: FaultServer
beforeAll(async () => {
  server = await startFaultServer({
    routes: { '/status': answer(document.replace('{', '{"id":9007199254740993,')) },
  })
})
afterAll(() => server.stop())

/** What is wrong; nothing where all is well. */
async function judge(path: string, expected: string): Promise<string | undefined> {
  const { check } = parseTarget(
    `targets:\n  - name: it\n    url: "${server.url}/status"\n    expect: { json: { "${path}": ${expected} } }\n`,
  )
  return (await runProbe(check, { timeoutSeconds: 30 })).failure?.message
}

describe('comparisons of JSON', () => {
  it.each([
    ['$.status', '{ one_of: [ok, degraded] }'],
    ['$.queued', '{ lt: 100 }'],
    ['$.queued', '{ gt: 11.9, gte: 12, lt: "12.1", lte: 12, not: 13 }'],
    ['$.incidents', '[]'],
    ['$.incidents', '{ equals: [] }'],
    ['$.meta', '{}'],
    ['$.tags', '[eu, blue, 3]'],
    ['$.owner', '{ equals: { gt: 1, team: shop } }'],
    ['$.nothing', '~'],
    ['$.nothing', '{ exists: true }'],
    ['$.errors', '{ exists: false }'],
    ['$.version', "{ matches: '^2\\.' }"],
    ['$.version', "{ matches: ['^2', '1$'] }"],
    ['$.id', "{ matches: '3$', gt: 9007199254740992, lt: 9007199254740994 }"],
    ['$.status', '{ not: down }'],
    ['$.status', '{ not: { one_of: [down, maintenance] } }'],
    ['$.status', '{ contains: grade }'],
    ['$.tags', '{ contains: [eu, 3], length: 3 }'],
    ['$.owner', '{ contains: team, length: { gt: 1 } }'],
    ['$.name', '{ length: 4 }'],
    ['$.items', '{ length: { gte: 1, lte: 5, not: 3 } }'],
    ['$.items[*].n', '{ gt: 4 }'],
    ['$.items[*].state', '{ not: unknown }'],
  ])('of %s: %s holds', async (path, expected) => {
    expect(await judge(path, expected)).toBeUndefined()
  })

  it.each([
    ['$.status', '{ one_of: [ok, up] }', 'to be one of "ok", "up", got another value (string)'],
    ['$.queued', '{ lt: 10 }', 'to be less than 10, got 12'],
    ['$.queued', '{ gt: 12 }', 'to be greater than 12, got 12'],
    ['$.queued', '{ gte: 20, lte: 30 }', 'to be at least 20 and to be at most 30, got 12'],
    ['$.id', '{ lt: 9007199254740993 }', 'to be less than 9007199254740993, got 9007199254740993'],
    ['$.status', '{ lt: 10 }', 'to be less than 10, got another value (string)'],
    ['$.tags', '[]', 'to be [], got another value (array)'],
    ['$.tags', '{}', 'to be {}, got another value (array)'],
    ['$.tags', '[eu, blue]', 'to be ["eu","blue"], got another value (array)'],
    ['$.owner', '{ equals: { team: shop } }', 'to be {"team":"shop"}, got another value (object)'],
    ['$.errors', '{ exists: true }', 'to be there, got nothing'],
    ['$.nothing', '{ exists: false }', 'not to be there, got a value (null)'],
    ['$.items[*]', '{ exists: false }', 'not to be there, got 2 values'],
    ['$.version', "{ matches: '^3' }", 'to match "^3", got another value (string)'],
    ['$.tags', "{ matches: '.' }", 'to match ".", got another value (array)'],
    ['$.status', '{ not: degraded }', 'not to be "degraded", got another value (string)'],
    ['$.errors', '{ not: x }', 'not to be "x", got nothing'],
    ['$.items[*].state', '{ not: failed }', 'not to be "failed", got 2 other values'],
    ['$.tags', '{ contains: [eu, "3"] }', 'to contain "eu", "3", got another value (array)'],
    ['$.queued', '{ contains: 1 }', 'to contain 1, got another value (number)'],
    ['$.items', '{ length: 3 }', 'to have a length of 3, got an array of length 2'],
    [
      '$.items',
      '{ length: { gt: 2, not: 5 } }',
      'to have a length of greater than 2 and not 5, got an array of length 2',
    ],
    ['$.queued', '{ length: 2 }', 'to have a length of 2, got another value (number)'],
    ['$.items[*].n', '{ gt: 1, lt: 5 }', 'to be greater than 1 and to be less than 5, got 2 other values'],
  ])('of %s: %s says what is wrong', async (path, expected, words) => {
    expect(await judge(path, expected)).toBe(`expected ${path} ${words}`)
  })
})

describe('a comparison that is written wrongly', () => {
  const wrong = (expected: string): string => {
    try {
      parseTarget(
        `targets:\n  - name: it\n    url: https://x.example\n    expect:\n      json:\n        $.a: ${expected}\n`,
      )
      return ''
    } catch (error) {
      return (error as Error).message
    }
  }

  it.each([
    [
      '{ gtt: 1 }',
      'targets.yml:6:16 targets[0].expect.json["$.a"].gtt: unknown comparison (did you mean gt?)',
    ],
    [
      '{ team: shop }',
      'unknown comparison: expected one of equals, one_of, gt, gte, lt, lte, matches, contains, length, not, exists; a mapping is compared as it is below equals:',
    ],
    ['{ gt: many }', '["$.a"].gt: expected a number, got "many"'],
    ['{ gt: .inf }', '["$.a"].gt: is not a number that JSON has'],
    ['{ one_of: ok }', '["$.a"].one_of: expected a list, got text'],
    ['{ one_of: [] }', '["$.a"].one_of: is an empty list'],
    ['{ matches: "(" }', '["$.a"].matches: "(" is not a valid RE2 regex'],
    ['{ matches: [a, "("] }', '["$.a"].matches[1]: "(" is not a valid RE2 regex'],
    ['{ contains: [[1]] }', 'expected text, a number, true, false or null, got a list'],
    ['{ length: -1 }', '["$.a"].length: -1 is not a valid length: expected one such as 3 or { gt: 2 }'],
    ['{ length: {} }', '["$.a"].length: has no comparison'],
    ['{ length: { matches: a } }', '["$.a"].length.matches: unknown comparison'],
    ['{ not: { exists: true } }', '["$.a"].not.exists: unknown comparison'],
    ['{ exists: maybe }', '["$.a"].exists: expected true or false, got "maybe"'],
    ['{ exists: false, gt: 1 }', 'what is not there cannot be compared: remove the other comparisons'],
    ['.nan', 'is not a number that JSON has'],
  ])('%s is refused at its place', (expected, message) => {
    expect(wrong(expected)).toContain(message)
  })
})
