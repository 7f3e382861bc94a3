import { isContainer, membersOf, nothing } from './compare.ts'
import { stepsOfText, type Steps } from './steps.ts'

/** RFC 9535 section 2.4.4: of a text its characters, of an array its elements, of an object its members. Anything else has none. */
export function lengthOf(value: unknown, steps: Steps): unknown {
  if (typeof value === 'string') {
    steps.take(stepsOfText(value.length))
    let length = 0
    for (let at = 0; at < value.length; at += (value.codePointAt(at) ?? 0) > 0xffff ? 2 : 1) length++
    return length
  }
  if (Array.isArray(value)) return value.length
  return isContainer(value) ? membersOf(value, steps).length : nothing
}
