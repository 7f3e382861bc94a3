import { isContainer, membersOf } from './compare.ts'
import { holds } from './filter.ts'
import type { Steps } from './steps.ts'
import { parse, type Segment, type Selector, type SingularSegment, type Slice } from './syntax.ts'
import type { Walk } from './walk.ts'

/** A document is walked in breadth: these are the values that wait, each with how many segments have led to it. */
interface Waiting {
  readonly values: unknown[]
  readonly depths: number[]
}

/**
 * Everything that a JSONPath (RFC 9535) selects, in the order in which jsonpath-rfc9535 has it, whose syntax tree is walked
 * here: that library knows no bound, and a small document can make it fill all memory.
 *
 * @throws TooManySteps
 */
export function select(document: unknown, path: string, steps: Steps): unknown[] {
  const walk: Walk = { root: document, steps, follow: (from, segments) => follow(from, segments, walk) }
  return follow(document, parse(path).segments, walk)
}

/** What segments select from a value. */
function follow(from: unknown, segments: readonly (Segment | SingularSegment)[], walk: Walk): unknown[] {
  const found: unknown[] = []
  const waiting: Waiting = { values: [from], depths: [0] }
  for (let at = 0; at < waiting.values.length; at++) {
    walk.steps.take()
    const value = waiting.values[at]
    const depth = waiting.depths[at] as number
    const segment = segments[depth]
    if (segment === undefined) {
      found.push(value)
      continue
    }
    const add = (child: unknown, childDepth = depth + 1): void => {
      waiting.values.push(child)
      waiting.depths.push(childDepth)
      // Also if nobody comes to look at it, because it takes memory.
      walk.steps.take()
    }
    if (!isContainer(value)) continue
    visit(value, segment.node, walk, add)
    if (segment.type !== 'DescendantSegment') continue
    for (const child of children(value, walk.steps)) add(child, depth)
  }
  return found
}

function visit(
  value: Record<string, unknown> | unknown[],
  node: (Segment | SingularSegment)['node'] | Selector,
  walk: Walk,
  add: (child: unknown) => void,
): void {
  switch (node.type) {
    case 'BracketedSelection':
      for (const selector of node.selectors) visit(value, selector, walk, add)
      break
    case 'WildcardSelector':
      for (const child of children(value, walk.steps)) add(child)
      break
    case 'MemberNameShorthand':
    case 'NameSelector':
      if (!Array.isArray(value) && Object.hasOwn(value, node.value)) add(value[node.value])
      break
    case 'IndexSelector':
      // In a comparison, the parser of the library puts the selector into another one, and the library itself finds nothing.
      if (Array.isArray(value)) addAt(value, indexOf(node), add)
      break
    case 'SliceSelector':
      if (Array.isArray(value)) addSlice(value, node, add)
      break
    case 'FilterSelector':
      for (const child of children(value, walk.steps)) if (holds(node.value, child, walk)) add(child)
  }
}

function* children(value: Record<string, unknown> | unknown[], steps: Steps): Generator {
  if (Array.isArray(value)) yield* value
  else for (const name of membersOf(value, steps)) yield value[name]
}

/** A number in both forms, whose types the library does not tell apart. */
function indexOf(node: { readonly value?: number } | { readonly selector: unknown }): number {
  return 'selector' in node ? (node.selector as { value: number }).value : (node.value ?? NaN)
}

function addAt(list: readonly unknown[], index: number, add: (child: unknown) => void): void {
  const at = index < 0 ? list.length + index : index
  if (at >= 0 && at < list.length) add(list[at])
}

/** RFC 9535 section 2.3.4.2.2. */
function addSlice(
  list: readonly unknown[],
  { start, end, step }: Slice,
  add: (child: unknown) => void,
): void {
  const { length } = list
  const by = step ?? 1
  const within = (index: number, lowest: number, highest: number): number =>
    Math.min(Math.max(index < 0 ? length + index : index, lowest), highest)
  if (by > 0) {
    const until = within(end ?? length, 0, length)
    for (let at = within(start ?? 0, 0, length); at < until; at += by) add(list[at])
  } else if (by < 0) {
    const until = end === null ? -1 : within(end, -1, length - 1)
    for (let at = within(start ?? length - 1, -1, length - 1); at > until; at += by) add(list[at])
  }
}
