import { quoteRegex } from '../shared/regex.ts'
import type { Fields } from '../shared/fields.ts'
import type { Path } from '../../settings/path.ts'
import type { Part } from './part.ts'
import { statementsOf } from './statements.ts'

/** What a statement is translated for. */
interface Scene {
  readonly part: Part
  readonly at: Path
  /** Names that stand for the JSON of the response. */
  readonly documents: Set<string>
}

/** @returns Whether it could be said. */
type Translator = (groups: readonly (string | undefined)[], scene: Scene) => boolean

const number = '(-?\\d+(?:\\.\\d+)?)'
const string = `("(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*')`
const value = `(${number.slice(1, -1)}|true|false|null|${string.slice(1, -1)})`
const path = '((?:\\.[A-Za-z_$][\\w$]*|\\[\\d+\\]|\\["[^"\\\\]*"\\])*)'
const document = `(pm\\.response\\.json\\(\\)|JSON\\.parse\\(responseBody\\)|[A-Za-z_$][\\w$]*)`
const code = '(?:pm\\.response\\.code|pm\\.response\\.status|responseCode\\.code)'
const equals = '\\.to\\.(?:be\\.)?(?:eql|equal|equals|eq)'

const addStatus = (codes: readonly (number | string)[], { part, at }: Scene): boolean => {
  part.translation.set(['expect', 'status'], codes, at)
  return true
}

const addText = (rule: string, text: string, { part, at }: Scene): boolean => {
  const { expect } = part.translation.keys as { expect?: { body?: Record<string, string[]> } }
  part.translation.set(['expect', 'body', rule], [...(expect?.body?.[rule] ?? []), text], at)
  return true
}

/** The forms of statements that can be said, and what becomes of them. */
const forms: readonly (readonly [pattern: string, translate: Translator])[] = [
  [
    `pm\\.response\\.to\\.have\\.status\\((\\d{3})\\)`,
    ([status], scene) => addStatus([Number(status)], scene),
  ],
  [`pm\\.response\\.to\\.be\\.ok`, (_groups, scene) => addStatus([200], scene)],
  [`pm\\.response\\.to\\.be\\.success`, (_groups, scene) => addStatus(['2xx'], scene)],
  [
    `pm\\.expect\\(${code}\\)${equals}\\((\\d{3})\\)`,
    ([status], scene) => addStatus([Number(status)], scene),
  ],
  [
    `pm\\.expect\\(${code}\\)\\.to\\.be\\.oneOf\\(\\[([\\d\\s,]+)\\]\\)`,
    ([list = ''], scene) =>
      addStatus(
        list
          .split(',')
          .map(Number)
          .filter((one) => one > 0),
        scene,
      ),
  ],
  [
    `tests\\[${string}\\]\\s*=\\s*\\(?responseCode\\.code\\s*={2,3}\\s*(\\d{3})\\)?`,
    ([, status], scene) => addStatus([Number(status)], scene),
  ],
  [`pm\\.response\\.to\\.be\\.json`, (_groups, { part, at }) => header(part, at, 'Content-Type', 'json')],
  [
    `pm\\.response\\.to\\.have\\.header\\(${string}(?:\\s*,\\s*${string})?\\)`,
    ([name = '', text], { part, at }) =>
      header(part, at, textOf(name), text === undefined ? '' : `^${quoteRegex(textOf(text))}$`),
  ],
  [
    `pm\\.expect\\(pm\\.response\\.responseTime\\)\\.to\\.be\\.(?:below|lessThan)\\((\\d+)\\)`,
    ([milliseconds = ''], { part, at }) => {
      // A slow answer fails the test: here, it is not waited for.
      part.translation.set(['timeout'], `${Math.max(1, Number(milliseconds))}ms`, at)
      return true
    },
  ],
  [
    `pm\\.expect\\(pm\\.response\\.text\\(\\)\\)\\.to\\.(?:include|contain)\\(${string}\\)`,
    ([text = ''], scene) => addText('contains', textOf(text), scene),
  ],
  [
    `tests\\[${string}\\]\\s*=\\s*responseBody\\.has\\(${string}\\)`,
    ([, text = ''], scene) => addText('contains', textOf(text), scene),
  ],
  [
    `pm\\.response\\.to\\.have\\.body\\(${string}\\)`,
    ([text = ''], scene) => addText('matches', `(?s)^${quoteRegex(textOf(text))}$`, scene),
  ],
  [
    `(?:var|let|const)\\s+([A-Za-z_$][\\w$]*)\\s*=\\s*(?:pm\\.response\\.json\\(\\)|JSON\\.parse\\(responseBody\\))`,
    ([name = ''], { documents }) => {
      documents.add(name)
      return true
    },
  ],
  [
    `pm\\.expect\\(${document}${path}\\)${equals}\\(${value}\\)`,
    ([name = '', steps = '', written = ''], scene) => json(name, steps, valueOf(written), scene),
  ],
  [
    `pm\\.expect\\(${document}${path}\\)\\.to\\.(?:be\\.)?(above|greaterThan|below|lessThan|least|most|at\\.least|at\\.most)\\(${number}\\)`,
    ([name = '', steps = '', operator = '', limit], scene) =>
      json(name, steps, { [operators[operator.replace('at.', '')] ?? 'gt']: Number(limit) }, scene),
  ],
  [
    `pm\\.expect\\(${document}${path}\\)\\.to\\.(?:exist|be\\.ok)`,
    ([name = '', steps = ''], scene) => json(name, steps, { exists: true }, scene),
  ],
  [
    `pm\\.expect\\(${document}${path}\\)\\.to\\.have\\.property\\(${string}\\)`,
    ([name = '', steps = '', property = ''], scene) =>
      json(name, `${steps}[${JSON.stringify(textOf(property))}]`, { exists: true }, scene),
  ],
  [
    `(?:pm\\.(?:environment|collectionVariables|globals|variables)\\.set|postman\\.set(?:Environment|Global)Variable)\\(${string}\\s*,\\s*${document}${path}\\)`,
    ([variable = '', name = '', steps = ''], scene) => capture(textOf(variable), name, steps, scene),
  ],
  [`console\\.(?:log|info|warn|error)\\(.*\\)`, () => true],
]

const operators: Readonly<Record<string, string>> = {
  ...{ above: 'gt', greaterThan: 'gt', below: 'lt', lessThan: 'lt', least: 'gte', most: 'lte' },
}

const compiled = forms.map(([pattern, translate]) => [new RegExp(`^${pattern}$`, 's'), translate] as const)

/** Translates a test script. What has no form that is known is noted with the number of its line. */
export function translateTests(event: Fields, part: Part): void {
  const script = event.below('script')
  const exec = script.list('exec').flatMap((text) => String(text).split('\n'))
  const statements = statementsOf(exec)
  if (statements === undefined) {
    part.translation.lose(script.at('exec'), 'a script with branches or loops cannot be said: write expect:')
    return
  }
  const documents = new Set<string>()
  const lost = statements.filter(({ text, line }) => {
    const scene = { part, at: [...script.at('exec'), line], documents }
    return !compiled.some(([pattern, translate]) => {
      const found = pattern.exec(text)
      return found !== null && translate(found.slice(1), scene)
    })
  })
  const [first] = lost
  if (!first) return
  const more = lost.length === 1 ? '' : `, and ${lost.length - 1} more,`
  part.translation.lose(
    [...script.at('exec'), first.line],
    `this statement${more} has no form that is known here: write expect:`,
  )
}

function header({ translation }: Part, at: Path, name: string, regex: string): boolean {
  if (!/^[\w-]+$/.test(name)) return false
  translation.set(['expect', 'headers', name], regex === '' ? '.*' : regex, at)
  return true
}

/** The JSONPath of an expression; nothing where its name does not stand for the response. */
function jsonPath(name: string, steps: string, { documents }: Scene): string | undefined {
  const isDocument = name.includes('(') || documents.has(name) || name === 'jsonData'
  return isDocument ? `$${steps}` : undefined
}

function json(name: string, steps: string, expected: unknown, scene: Scene): boolean {
  const path = jsonPath(name, steps, scene)
  const { expect } = scene.part.translation.keys as { expect?: { json?: Readonly<Record<string, unknown>> } }
  // Two comparisons of one value: the second would replace the first.
  if (path === undefined || Object.hasOwn(expect?.json ?? {}, path)) return false
  scene.part.translation.set(['expect', 'json', path], expected, scene.at)
  return true
}

/** What is captured is used by later steps; a target that is not a transaction has none. */
function capture(variable: string, name: string, steps: string, scene: Scene): boolean {
  const path = jsonPath(name, steps, scene)
  if (path === undefined || steps === '' || !/^[\w.-]{1,64}$/.test(variable)) return false
  scene.part.translation.set(['capture', variable, 'json'], path, scene.at)
  return true
}

function valueOf(written: string): unknown {
  return /^["']/.test(written) ? textOf(written) : JSON.parse(written)
}

function textOf(quoted: string): string {
  return quoted
    .slice(1, -1)
    .replaceAll(/\\(.)/gs, (_all, letter: string) => ({ n: '\n', t: '\t', r: '\r' })[letter] ?? letter)
}
