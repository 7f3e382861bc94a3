import { messageOf } from '../../../lib/errors.ts'
import { parseDocument, type Parsed } from '../json-path/document.ts'
import { select } from '../json-path/select.ts'
import { holds } from '../json-rule/holds.ts'
import { discovery, expectation } from '../json-rule/words.ts'
import { TooManySteps, type Steps } from '../json-path/steps.ts'
import type { BodyAnswer, BodyCapture, BodyQuestion, BodyRules } from './question.ts'
import { decodeJson, decodeText } from './charset.ts'
import { narrowed, regexOf, scalarOf, type Found } from './captured.ts'
import { judgeCel } from './cel.ts'
import { graphqlErrors } from '../graphql/errors.ts'
import { judgeSchema, judgeText as judgeValue } from '../validation/judge.ts'
import { unknownFields } from '../validation/unknown-fields.ts'
import { quote } from './quote.ts'

/** What is looked at. */
interface Body {
  readonly text: string
  /** Parses it, once. */
  readonly parsed: () => Parsed
  readonly steps: Steps
}

/**
 * Finds out about a body, in one go. What it says stays out of the message.
 *
 * @param steps What may be done to follow JSONPaths; where that is not enough, the answer says so.
 */
export function judgeBody(bytes: Uint8Array, question: BodyQuestion, steps: Steps): BodyAnswer {
  const { contentType, rules, captures } = question
  const text = decodeText(bytes, contentType)
  let parsed: Parsed | undefined
  const body: Body = { text, steps, parsed: () => (parsed ??= parseDocument(decodeJson(bytes, contentType))) }
  const captured = captures.map((capture) => find(capture, body))
  const wrong = rules?.values
    ?.map(({ what, value, schema }) => judgeValue(value, what, schema))
    .find((message) => message !== undefined)
  if (wrong !== undefined) return { captured, message: wrong, failedDueToValue: true }
  const message =
    rules &&
    (judgeText(text, rules) ??
      judgeJson(body, rules.json) ??
      judgeDocument(body, () => decodeJson(bytes, contentType), rules))
  if (message !== undefined || !rules) return { captured, ...(message !== undefined && { message }) }
  const failed = judgeExpressions(decodeJson(bytes, contentType), rules.cel)
  if (failed !== undefined) return { captured, message: failed, failedDueToCel: true }
  const { specified } = rules
  if (!specified) return { captured }
  return {
    captured,
    unknownFields: unknownFields(JSON.parse(decodeJson(bytes, contentType)), specified),
  }
}

function judgeText(
  text: string,
  { contains, notContains, matches, notMatches }: BodyRules,
): string | undefined {
  const missing = contains.find((part) => !text.includes(part))
  if (missing !== undefined) return `expected the body to contain ${quote(missing)}`
  const unwanted = notContains.find((part) => text.includes(part))
  if (unwanted !== undefined) return `expected the body not to contain ${quote(unwanted)}`
  const unmatched = matches.find((source) => !regexOf(source).test(text))
  if (unmatched !== undefined) return `expected the body to match ${quote(unmatched)}`
  const matched = notMatches.find((source) => regexOf(source).test(text))
  if (matched !== undefined) return `expected the body not to match ${quote(matched)}`
  return undefined
}

function judgeJson({ parsed, steps }: Body, rules: BodyRules['json']): string | undefined {
  if (rules.length === 0) return undefined
  const json = parsed()
  if ('problem' in json) return `expected the body to be JSON, got ${json.problem}`
  for (const { path, expected } of rules) {
    const words = `expected ${path} ${expectation(expected)}`
    try {
      const found = select(json.document, path, steps)
      if (!holds(expected, found, steps)) return `${words}, got ${discovery(expected, found)}`
    } catch (error) {
      if (!(error instanceof TooManySteps)) throw error
      return `${words}, but it cannot be looked up: ${error.message}`
    }
  }
  return undefined
}

function judgeDocument(
  { parsed }: Body,
  text: () => string,
  { schemas = [], noGraphqlErrors = false }: BodyRules,
): string | undefined {
  if (schemas.length === 0 && !noGraphqlErrors) return undefined
  // Bounds its size and depth.
  const json = parsed()
  if ('problem' in json) return `expected the body to be JSON, got ${json.problem}`
  const document: unknown = JSON.parse(text())
  // They say why the data is not as it should be.
  const errors = noGraphqlErrors ? graphqlErrors(document) : undefined
  return (
    errors ?? schemas.map((schema) => judgeSchema(document, schema)).find((message) => message !== undefined)
  )
}

function judgeExpressions(text: string, rules: BodyRules['cel']): string | undefined {
  if (rules.length === 0) return undefined
  let document: unknown
  try {
    document = JSON.parse(text)
  } catch {
    return 'expected the body to be JSON, got something else'
  }
  return rules.map((rule) => judgeCel(document, rule)).find((message) => message !== undefined)
}

function find({ path, pattern }: BodyCapture, body: Body): Found {
  return narrowed(path === undefined ? { value: body.text } : findInJson(path, body), pattern)
}

function findInJson(path: string, { parsed, steps }: Body): Found {
  const json = parsed()
  if ('problem' in json) return { problem: `the body is ${json.tooMuch ? json.problem : 'not JSON'}` }
  try {
    return scalarOf(select(json.document, path, steps))
  } catch (error) {
    return { problem: `it cannot be looked up: ${messageOf(error).slice(0, 100)}` }
  }
}
