import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { buildSchema, introspectionFromSchema } from 'graphql'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Config } from '../../../../src/config/config.ts'
import { loadConfig } from '../../../../src/config/load/load.ts'
import { runProbe } from '../../../../src/checks/run.ts'
import { respond } from '../../../support/servers/faults.ts'
import { startFaultServer, type FaultServer } from '../../../support/servers/fault-server.ts'
import { tempFolder } from '../../../support/temp-folder.ts'

const language = `
type Query { products(first: Int): [Product!]!, search(text: String!): [Found], shop: Shop }
type Mutation { buy(id: ID!): Product }
interface Node { id: ID! }
type Product implements Node { id: ID!, name: String!, price: Float, stock: Int!, state: State!, made: Date, tags: [String!] }
type Person implements Node { id: ID!, email: String! }
type Shop { name: String!, open: Boolean! }
union Found = Product | Person
enum State { NEW SOLD }
scalar Date
`

const product = { id: '7', name: 'Ball', price: 1.5, stock: 3, state: 'NEW', made: { y: 2026 }, tags: ['a'] }

let answer: unknown = {}
let server: FaultServer
beforeAll(async () => {
  server = await startFaultServer({
    routes: {
      '/graphql': (socket) => {
        const body = typeof answer === 'string' ? answer : JSON.stringify(answer)
        respond(socket, 200, { 'content-type': 'application/json' }, body)
      },
    },
  })
})
afterAll(() => server.stop())

interface Asked {
  readonly query?: string
  readonly expect?: string
  readonly schema?: string
  /** What is sent in place of the query. */
  readonly body?: string
}

async function load({
  query,
  expect: written = '{ schema: shop.graphql }',
  ...more
}: Asked): Promise<Config> {
  const folder = await tempFolder()
  await writeFile(join(folder, 'shop.graphql'), more.schema ?? language)
  const body = more.body ?? (query === undefined ? undefined : JSON.stringify({ query }))
  const target = {
    ...{ name: 'shop', url: `${server.url}/graphql`, method: 'POST' },
    ...(body !== undefined && { body }),
  }
  const text = JSON.stringify(target).slice(0, -1)
  await writeFile(join(folder, 'targets.yml'), `targets: [${text}, "expect": { graphql: ${written} } }]`)
  return loadConfig(join(folder, 'targets.yml'), { env: {} })
}

async function complaint(asked: Asked, next: unknown): Promise<string | undefined> {
  answer = next
  const { targets } = await load(asked)
  const { failure } = await runProbe(targets[0]!.check, { timeoutSeconds: 250 })
  expect(failure?.reason ?? 'body').toBe('body')
  return failure?.message
}

const query = '{ products(first: 2) { id name price stock state made tags } }'

describe('a response of GraphQL', () => {
  it.each<readonly [string, unknown, string | undefined]>([
    ['with data', { data: { a: 1 } }, undefined],
    ['with no errors at all', { data: null, errors: [] }, undefined],
    [
      'with an error',
      { data: { user: null }, errors: [{ message: 'no\nsuch user', path: ['user', 0, 'name'] }] },
      'expected a response of GraphQL without errors, got "no such user" at user.0.name',
    ],
    [
      'with several errors',
      { errors: [{ message: 'a'.repeat(500) }, {}, {}] },
      `expected a response of GraphQL without errors, got "${'a'.repeat(100)}…", and 2 more`,
    ],
    [
      'with an error without words',
      { errors: ['x'] },
      'expected a response of GraphQL without errors, got one without a message',
    ],
    ['with nothing', {}, 'expected a response of GraphQL with data, got neither data nor errors'],
    ['that is a list', [], 'expected a response of GraphQL, which is an object with data or errors'],
    ['that is not JSON', 'oops', 'expected the body to be JSON, got something else'],
  ])('%s', async (_what, next, message) => {
    expect(await complaint({ expect: '{}' }, next)).toBe(message)
  })

  it('may have errors where that is said', async () => {
    const asked = { expect: '{ no_errors: false, schema: shop.graphql }', query }
    expect(await complaint(asked, { data: null, errors: [{ message: 'x' }] })).toBeUndefined()
    expect(await complaint(asked, { errors: [{ message: 'x' }] })).toBeUndefined()
    expect(await complaint(asked, { data: { products: null } })).toContain('$.data.products')
  })

  it.each<readonly [string, unknown, string | undefined]>([
    ['all of it', product, undefined],
    ['null where it may be', { ...product, price: null, made: null, tags: null }, undefined],
    ['a number as its identifier', { ...product, id: 7 }, undefined],
    ['null where it may not be', { ...product, name: null }, '[0].name to be text (shop.graphql), got null'],
    ['a fraction', { ...product, stock: 1.5 }, '[0].stock to be a whole number (shop.graphql), got a number'],
    [
      'a number that is too large',
      { ...product, stock: 3_000_000_000 },
      '[0].stock to be at most 2147483647 (shop.graphql), got another number',
    ],
    [
      'an unknown value',
      { ...product, state: 'LOST' },
      '[0].state to be one of ["NEW","SOLD"] (shop.graphql), got other text',
    ],
    ['null in a list', { ...product, tags: [null] }, '[0].tags[0] to be text (shop.graphql), got null'],
    [
      'a missing field',
      { ...product, price: undefined },
      '[0] to have the property "price" (shop.graphql), got an object',
    ],
    ['null for an object', null, '[0] to be an object (shop.graphql), got null'],
  ])('has what the query asks for: %s', async (_what, one, message) => {
    expect(await complaint({ query }, { data: { products: [one] } })).toBe(
      message && `expected $.data.products${message}`,
    )
  })

  it.each<readonly [string, unknown, boolean]>([
    [
      '{ mine: products { title: name ...more } } fragment more on Node { id ... on Product { stock } }',
      { mine: [{ title: 'a', id: '1', stock: 1 }] },
      true,
    ],
    [
      '{ mine: products { ...more } } fragment more on Node { id ... on Person { email } ... on Product { stock } }',
      { mine: [{ id: '1' }] },
      false,
    ],
    ['query ($yes: Boolean!) { shop { name open @include(if: $yes) } }', { shop: { name: 'a' } }, true],
    [
      '{ search(text: "a") { __typename ... on Person { email } ... on Product { name } } }',
      { search: [{ __typename: 'Person', email: 'a' }, null, { __typename: 'Product', name: 'b' }] },
      true,
    ],
    [
      '{ search(text: "a") { __typename ... on Person { email } ... on Product { name } } }',
      { search: [{ __typename: 'Person', name: 'a' }] },
      false,
    ],
    ['mutation { buy(id: 1) { name } }', { buy: null }, true],
    ['{ shop { name } shop { open } }', { shop: { name: 'a' } }, false],
  ])('to %s is as its types say', async (asked, data, isGood) => {
    expect((await complaint({ query: asked }, { data })) === undefined).toBe(isGood)
  })

  it('may be known from an introspection', async () => {
    const schema = JSON.stringify({ data: introspectionFromSchema(buildSchema(language)) })
    expect(await complaint({ schema, query: '{ shop { name } }' }, { data: { shop: { name: 1 } } })).toBe(
      'expected $.data.shop.name to be text (shop.graphql), got a number',
    )
  })

  it.each<readonly [string, Asked, string]>([
    [
      'that does not fit',
      { query: '{ product { id } }' },
      'the query does not fit shop.graphql: Cannot query field "product"',
    ],
    ['with a mistake', { query: '{ products {' }, 'the query is not valid: Syntax Error'],
    ['that is not there', {}, 'has a schema, and the request has no query: write body:'],
    ['that is not JSON', { body: 'query=a' }, 'has a schema, and the request has no query: write body:'],
    [
      'with several operations',
      { query: 'query a { shop { name } } query b { shop { open } }' },
      'the query has several operations: name one of them as operationName',
    ],
    [
      'with a broken schema',
      { query, schema: '\ntype Query {' },
      'shop.graphql:2 is not a valid schema of GraphQL',
    ],
    [
      'with a schema that is other JSON',
      { query, schema: '{}' },
      'shop.graphql is not a valid schema of GraphQL',
    ],
    [
      'without a schema',
      { query, expect: '{ schema: gone.graphql }' },
      'the file gone.graphql cannot be read: no such file',
    ],
    [
      'with a schema elsewhere',
      { query, expect: '{ schema: ../a.graphql }' },
      "../a.graphql is not in the configuration's folder",
    ],
  ])('is not expected for a query %s', async (_what, asked, message) => {
    await expect(load(asked)).rejects.toThrow(`targets[0].expect.graphql: ${message}`)
  })
})
