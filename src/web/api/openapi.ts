import { z } from 'zod'
import type { Answer, Content, Operation } from './operation.ts'
import { shapes } from './shapes.ts'

type Json = Readonly<Record<string, unknown>>

/**
 * The description of an HTTP API. Format: https://spec.openapis.org/oas/v3.1.0
 *
 * @param operations In the order in which to list them.
 */
export function openApi(operations: readonly Operation[]): Json {
  const paths: Record<string, Record<string, Json>> = {}
  for (const operation of operations) {
    const methods = (paths[operation.path] ??= {})
    methods[operation.method] = describe(operation)
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Probity',
      version: 'v1',
      description:
        'What `probity exporter` and `probity solo` answer in JSON. Durations are seconds, ratios 0 to 1, times and days UTC. Answers may gain fields.',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    paths,
    components: { schemas: schemas() },
  }
}

function describe({ summary, parameters = [], body, answers }: Operation): Json {
  return {
    summary,
    ...(parameters.length > 0 && {
      parameters: parameters.map((parameter) => ({
        ...parameter,
        ...(parameter.in === 'path' && { required: true }),
      })),
    }),
    ...(body && { requestBody: { required: true, content: contentOf(body) } }),
    responses: Object.fromEntries(
      Object.entries(answers).map(([status, answer]) => [status, answerOf(answer)]),
    ),
  }
}

function answerOf({ description, content }: Answer): Json {
  return { description, ...(content && { content: contentOf(content) }) }
}

function contentOf({ type, shape }: Content): Json {
  const id = shape && shapes.get(shape)?.id
  if (shape && id === undefined) throw new Error('a shape that is answered with has no name')
  return { [type]: { schema: id === undefined ? { type: 'string' } : { $ref: refTo(id) } } }
}

function refTo(id: string): string {
  return `#/components/schemas/${id}`
}

function schemas(): Json {
  const made = z.toJSONSchema(shapes, {
    uri: refTo,
    override: ({ jsonSchema }) => {
      // Tests are strict; clients that read the answers must not be.
      if (jsonSchema.additionalProperties === false) delete jsonSchema.additionalProperties
      // The format says it; the pattern is long.
      if (jsonSchema.format !== undefined) delete jsonSchema.pattern
    },
  })
  // The document is their dialect and their address.
  for (const schema of Object.values(made.schemas)) {
    delete schema.$schema
    delete schema.$id
  }
  return made.schemas
}
