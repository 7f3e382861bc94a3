import { readPattern } from '../../settings/values/scalars.ts'
import { seen, ValueError } from '../../settings/values/value.ts'
import type { Fields } from '../shared/fields.ts'
import type { Entry, Names } from '../shared/render.ts'
import { Translation, type Remark } from '../shared/translation.ts'

const removed = 'is not compared, because Probity removes it from every call'

/** What a pattern of a host becomes: hosts have neither scheme nor port here, and are in lower case. */
function hostOf(pattern: string): string {
  const bare = pattern.replace(/^(\^?)https?\??:(?:\\?\/){2}/, '$1').replace(/:\d+(\$?)$/, '$1')
  return /[A-Z]/.test(bare) ? `(?i)${bare}` : bare
}

/** What is not as it was in a pattern of a host or a path. */
const differences: readonly (readonly [key: string, form: RegExp, message: string])[] = [
  ['host', /:\d/, `the port ${removed}`],
  ['url', /\\\?|\[\?\]/, `the query ${removed}`],
]

/** The target of a pattern, or why there is none: one without a part of its pattern would be judged on the calls of others. */
export function patternOf(name: string, pattern: Fields, names: Names): Entry | Remark {
  const translation = new Translation()
  translation.set(['name'], names.unique(name, 'calls'), pattern.path)
  for (const [theirs, ours] of [
    ['method', 'method'],
    ['host', 'host'],
    ['url', 'path'],
  ] as const) {
    const text = pattern.text(theirs)
    if (text === undefined || text === 'any') continue
    const source = theirs === 'host' ? hostOf(text) : text
    const problem = problemOf(source)
    if (problem !== undefined) return { path: pattern.at(theirs), message: problem }
    translation.set(['calls', ours], source, pattern.at(theirs))
    for (const [key, form, message] of differences)
      if (key === theirs && form.test(text)) translation.note(pattern.at(theirs), message)
  }
  if (translation.keys.calls === undefined) {
    translation.set(['calls', 'host'], '.*', pattern.path)
    translation.note(pattern.path, 'matches every call, so the patterns after it get none')
  }
  for (const path of pattern.left()) translation.note(path, 'is not supported here')
  return { keys: translation.keys, remarks: translation.notes }
}

/** Metrist's regexes are those of Perl, which can do more than ours. */
function problemOf(source: string): string | undefined {
  try {
    readPattern(source)
    return undefined
  } catch (error) {
    if (!(error instanceof ValueError)) throw error
    return `left out, because ${error.message.replace(seen, JSON.stringify(source))}`
  }
}
