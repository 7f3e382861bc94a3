import { describe, expect, it } from 'vitest'
import { isMapping } from '../../../../src/checks/http/openapi/document.ts'
import { readOperation } from '../../../../src/checks/http/openapi/operation.ts'
import { publicApi, readPublic, type PublicApi } from './specifications/specifications.ts'

const methods = ['get', 'put', 'post', 'delete', 'options', 'head', 'patch', 'trace']

/** Every operation of a specification, as it is written in a configuration. */
function operationsOf(file: PublicApi): string[] {
  const { paths } = publicApi(file)
  if (!isMapping(paths)) return []
  return Object.entries(paths).flatMap(([path, item]) =>
    methods
      .filter((method) => isMapping(item) && method in item)
      .map((method) => `${file}#${method.toUpperCase()} ${path}`),
  )
}

describe('the specification of a public API', () => {
  it.each<[PublicApi, version: string, operations: number]>([
    ['github.json', '3.0.3', 5],
    ['star-trek.json', '3.0.1', 120],
    ['figma.yaml', '3.1.0', 54],
    ['readme.json', '3.1.0', 54],
  ])('%s of version %s loads with all of its operations', (file, version, count) => {
    expect(publicApi(file)['openapi']).toBe(version)
    const operations = operationsOf(file)
    expect(operations).toHaveLength(count)
    for (const operation of operations)
      expect(readOperation(operation, readPublic).responses, operation).not.toHaveLength(0)
  })

  it('may have `nullable` without a type, which says nothing', () => {
    const read = (version: string) =>
      readOperation('a.json#a', () =>
        JSON.stringify({
          openapi: version,
          paths: {
            '/': {
              get: {
                operationId: 'a',
                responses: {
                  200: { content: { 'application/json': { schema: { nullable: true, enum: [1] } } } },
                },
              },
            },
          },
        }),
      )
    for (const version of ['3.0.3', '3.1.0'])
      expect(read(version).responses[0]?.content[0]?.schema?.documents[0]?.[1], version).toContain(
        '{"enum":[1]}',
      )
  })
})
