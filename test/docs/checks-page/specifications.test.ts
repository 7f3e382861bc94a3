import { describe, expect, it } from 'vitest'
import { prepareGraphql } from '../../../src/checks/http/graphql/library.ts'
import { parse } from '../../support/parse-config.ts'
import { blocksIn, textOf } from '../support/blocks.ts'
import { json, startSite } from '../support/servers.ts'
import { checkTarget, tryTarget } from '../support/try-target.ts'
import { examplesOf } from '../support/examples.ts'

const page = textOf('docs/checks.md')
const petstore = blocksIn('yaml').find(({ text }) => text.startsWith('# petstore.yaml\n'))?.text ?? ''

/** Where the files that a targets.yml names are. */
const folder = '/etc/probity'

/** The failure of a check whose answer is this JSON. */
async function failureOf(
  keys: Readonly<Record<string, unknown>>,
  answer: unknown,
  files: Readonly<Record<string, string>>,
): Promise<string | undefined> {
  const port = await startSite({ '*': json(answer) })
  const text = `targets: [${JSON.stringify({ name: 'it', url: `https://shop.example.com:${port}/`, ...keys })}]`
  const secrets = Object.fromEntries(
    Object.entries(files).map(([name, content]) => [`${folder}/${name}`, content]),
  )
  const { result } = await checkTarget(text, 'it', { places: {}, secrets, fail: () => undefined })
  return result.failure?.message
}

describe('docs/checks.md', () => {
  it('says what a schema of JSON finds', async () => {
    const schema = { properties: { items: { items: { properties: { price: { type: 'number' } } } } } }
    const message = await failureOf(
      { expect: { json_schema: 'schemas/order.json' } },
      { items: [{ price: 1 }, { price: '2' }] },
      { 'schemas/order.json': JSON.stringify(schema) },
    )
    expect(page).toContain(`\`${message}\``)
  })

  it('says what a schema of GraphQL finds', async () => {
    await prepareGraphql(['graphql'])
    const example = examplesOf('docs/checks.md').find(({ name }) => name === 'url: products')
    const check = example && parse(example.text).target('products')?.check
    if (check?.kind !== 'http') throw new Error('expected an HTTP request')
    const message = await failureOf(
      {
        method: 'POST',
        body: check.body,
        expect: { graphql: { no_errors: true, schema: 'shop.graphql' } },
      },
      { data: { products: [{ id: '1', name: 'tea', price: 'much' }] } },
      {
        'shop.graphql':
          'type Query { products(first: Int): [Product!]! } type Product { id: ID! name: String price: Float }',
      },
    )
    expect(page).toContain(`\`${message}\``)
  })

  it('says what an operation inherits from its specification', () => {
    const secrets = { [`${folder}/petstore.yaml`]: petstore }
    const target = (more: string, defaults = ''): unknown =>
      parse(
        `${defaults}\ntargets: [{ name: it, url: https://pets.example.com/pets, expect: { openapi: petstore.yaml#listPets${more} } }]`,
        { secrets },
      ).target('it')
    const inherited = {
      severity: 'warning',
      expect: { maxLatency: 0.2, maxErrorRatio: 0.01, slo: 0.999 },
    }
    expect(target('')).toMatchObject(inherited)
    expect(target('', 'defaults: { severity: info, expect: { max_latency: 5s } }')).toMatchObject(inherited)
    expect(target(', max_latency: 1s')).toMatchObject({ expect: { maxLatency: 1 } })
  })

  it('says what is not specified', async () => {
    const schema = { type: 'object', properties: { pets: { items: { properties: { name: {} } } } } }
    const content = { 'application/json': { schema } }
    const operation = { operationId: 'listPets', responses: { 200: { description: '', content } } }
    const specification = { openapi: '3.1.0', paths: { '/pets': { get: operation } } }
    const port = await startSite({ 'GET /pets': json({ pets: [{ name: 'Rex', colour: 'black' }] }) })
    const printed = await tryTarget(
      `targets: [{ name: it, url: "https://pets.example.com:${port}/pets", expect: { openapi: petstore.yaml#listPets } }]`,
      'it',
      {
        places: {},
        secrets: { [`${folder}/petstore.yaml`]: JSON.stringify(specification) },
        fail: () => undefined,
      },
    )
    const [, shown = ''] = /`(not specified: [^`]+)`/.exec(page) ?? []
    expect(printed.replaceAll(/ +/g, ' ')).toContain(shown.replace(':', ''))
  })
})
