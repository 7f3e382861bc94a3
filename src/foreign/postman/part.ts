import type { Path } from '../../settings/path.ts'
import type { Fields } from '../shared/fields.ts'
import type { Translation } from '../shared/translation.ts'
import type { Variables } from './variables.ts'

/** A request, and what is known of what is around it. */
export interface Part {
  readonly item: Fields
  readonly request: Fields
  /** Of the request, or of the nearest folder that has one. */
  readonly auth: Fields | undefined
  readonly translation: Translation
  readonly variables: Variables
  /** Variables that an earlier step has captured. */
  readonly captured: ReadonlySet<string>
  /** For names of secrets. */
  readonly name: string
}

/** Sets a key to a text with variables. */
export function put({ translation, variables, captured }: Part, ours: Path, text: string, at: Path): void {
  if (/\{\{\s*\$/.test(text)) translation.lose(at, 'a value that is new for each request is not supported')
  translation.refer(ours, variables.refer(text, captured), at)
}

/** Sets a key to a secret, which is never written as it is. */
export function putSecret(part: Part, ours: Path, text: string, at: Path): void {
  const { translation, variables, captured, name } = part
  translation.refer(ours, variables.keep(text, captured, name, String(ours.at(-1))), at)
}

/** The keys and values of a list such as `header`, without those that are off. */
export function pairsOf(
  list: readonly Fields[],
): { readonly key: string; readonly value: string; readonly at: Path }[] {
  return list.flatMap((pair) => {
    const key = pair.text('key') ?? ''
    return pair.take('disabled') === true || key === ''
      ? []
      : [{ key, value: pair.text('value') ?? '', at: pair.at('value') }]
  })
}
