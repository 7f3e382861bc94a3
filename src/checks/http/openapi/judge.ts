import type { Failure } from '../../../net/failure.ts'
import type { ValueRule } from '../body/question.ts'
import { headerValue, headerValues, type ResponseHeaders } from '../headers.ts'
import type { SchemaBundle } from '../validation/bundle.ts'
import { isJson, type Operation, type OperationResponse } from './operation.ts'

/** What is left to judge, which takes a validator. */
export interface Remaining {
  /** Of headers. */
  readonly values: readonly ValueRule[]
  /** Of the body. */
  readonly schema?: SchemaBundle
}

/** Judges the head of an answer by what a specification says. */
export function judgeOperation(
  { name, responses }: Operation,
  {
    statusCode,
    headers,
    hasBody,
  }: { readonly statusCode: number; readonly headers: ResponseHeaders; readonly hasBody: boolean },
): Failure | Remaining {
  const response = responseFor(responses, statusCode)
  if (!response) {
    const known = responses.map(({ status }) => status).join(', ')
    return {
      reason: 'status',
      message: `expected a status that ${name} has (${known || 'it has none'}), got ${statusCode}`,
    }
  }
  const missing = response.headers.find(
    (header) => header.required && headerValues(headers, header.name).length === 0,
  )
  if (missing) return { reason: 'header', message: `expected the header ${missing.name} (${name}), got none` }
  const values = response.headers.flatMap(({ name: header, schema }) =>
    schema
      ? headerValues(headers, header).map((value) => ({ what: `the header ${header}`, value, schema }))
      : [],
  )
  if (!hasBody || response.content.length === 0) return { values }
  const type = headerValue(headers, 'content-type')?.toLowerCase().split(';', 1)[0]?.trim() ?? ''
  const content = contentFor(response, type)
  if (!content) {
    const known = response.content.map((one) => one.type).join(' or ')
    const got = type === '' ? 'none' : type.replace(/[^\w.+/*-]/g, '?').slice(0, 100)
    return { reason: 'header', message: `expected the content type ${known} (${name}), got ${got}` }
  }
  return { values, ...(content.schema && isJson(type) && { schema: content.schema }) }
}

/** The most specific one. */
function responseFor(responses: readonly OperationResponse[], code: number): OperationResponse | undefined {
  const names = [String(code), `${Math.floor(code / 100)}XX`, 'default']
  return names.map((name) => responses.find(({ status }) => status === name)).find((found) => found)
}

function contentFor({ content }: OperationResponse, type: string) {
  const names = [type, `${type.split('/', 1)[0] ?? ''}/*`, '*/*']
  return names.map((name) => content.find((one) => one.type === name)).find((found) => found)
}
