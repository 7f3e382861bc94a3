import { Ajv2020 } from 'ajv/dist/2020.js'
import addFormats from 'ajv-formats'
import { describe, expect, it } from 'vitest'
import { isMapping } from '../../../../src/checks/http/openapi/document.ts'
import { readOperation } from '../../../../src/checks/http/openapi/operation.ts'
import { judgeSchema } from '../../../../src/checks/http/validation/judge.ts'
import { answers, gone } from './specifications/answers.ts'
import { documents } from './specifications/documents.ts'
import { publicApi, readPublic, type PublicApi } from './specifications/specifications.ts'

/** The validator as it is, with the schema and the components as they are. */
function plainAjv(file: PublicApi, path: string): (document: unknown) => boolean {
  const ajv = new Ajv2020({ strict: false, logger: false, validateSchema: false })
  addFormats.default(ajv)
  const specification = publicApi(file)
  const steps = ['paths', path, 'get', 'responses', '200', 'content', 'application/json', 'schema']
  const below = (from: unknown, all: readonly string[]): unknown =>
    all.reduce((value, step) => {
      const found = isMapping(value) ? value[step] : undefined
      const reference = isMapping(found) && step !== 'schema' ? found['$ref'] : undefined
      return typeof reference === 'string' ? below(specification, reference.split('/').slice(1)) : found
    }, from)
  const schema = below(specification, steps)
  if (!isMapping(schema)) throw new Error(`GET ${path} has no schema`)
  const validate = ajv.compile({ ...schema, components: specification['components'] })
  return (document) => validate(document)
}

function judged(file: PublicApi, path: string, document: unknown): string | undefined {
  const { responses } = readOperation(`${file}#GET ${path}`, readPublic)
  const schema = responses.find(({ status }) => status === '200')?.content[0]?.schema
  if (!schema) throw new Error(`GET ${path} has no schema`)
  return judgeSchema(document, schema)
}

function put(document: unknown, place: readonly string[], value: unknown): void {
  const last = place.at(-1) ?? ''
  const parent = place
    .slice(0, -1)
    .reduce((found, step) => (found as Record<string, unknown>)[step], document)
  if (typeof parent !== 'object' || parent === null) throw new Error(`there is no ${place.join('.')}`)
  if (value === gone) Reflect.deleteProperty(parent, last)
  else Reflect.set(parent, last, value)
}

describe('the answer of a public API', () => {
  it('is there in forty shapes, good and bad', () => {
    expect(answers.length).toBeGreaterThanOrEqual(40)
    expect(answers.filter(({ message }) => message === undefined).length).toBeGreaterThanOrEqual(10)
  })

  it.each(answers)('$operation: $what', ({ operation, change = {}, message }) => {
    const { file, path, base } = documents[operation]
    const document = structuredClone(base())
    for (const [place, value] of Object.entries(change)) put(document, place.split('.'), value)
    const words = judged(file, path, document)
    expect(words).toBe(message?.replace('()', `(${file}#GET ${path})`))
    expect(plainAjv(file, path)(document)).toBe(words === undefined)
  })
})
