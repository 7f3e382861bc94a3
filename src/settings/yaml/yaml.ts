import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type Scalar,
} from 'yaml'
import { exactOf } from '../../lib/text/decimal.ts'
import type { Path } from '../path.ts'
import { maxDepth, tooDeepAt } from './depth.ts'
import { wordsOf } from './wordings.ts'

export interface Position {
  /** From 1. */
  readonly line: number
  /** From 1. */
  readonly column: number
}

/** A fault of the document itself. */
export interface YamlProblem extends Position {
  readonly path: Path
  readonly message: string
}

/** A parsed document: plain values, a `Decimal` where a double is not exact, and where each of them was written. */
export interface YamlTree {
  /** Maps are plain objects, aliases and merge keys are resolved. */
  readonly value: unknown
  /** Where a value or its key stands; for what is not there, the nearest thing around it. */
  readonly locate: (path: Path, part: 'key' | 'value') => Position
  /** What a path is called in the file, where the values were made of other ones. */
  readonly origin?: (path: Path) => Path
}

export interface YamlResult {
  /** Absent when there are problems. */
  readonly tree?: YamlTree
  readonly problems: readonly YamlProblem[]
}

interface Spot {
  readonly offset: number
  readonly keyOffset?: number
  readonly children?: ReadonlyMap<string | number, Spot>
}

interface Built {
  readonly value: unknown
  readonly spot: Spot
}

/** How many values all aliases together may stand for: enough for thousands of targets, too few for a bomb. */
const maxAliasedNodes = 100_000

/** Reads one YAML 1.2 document (core schema) with merge keys (`<<`), as Compose and most tools read it. */
export function parseYaml(text: string): YamlResult {
  const lines = new LineCounter()
  const positionAt = (offset: number): Position => {
    const { line, col } = lines.linePos(offset)
    return { line: Math.max(line, 1), column: Math.max(col, 1) }
  }
  const deep = tooDeepAt(text)
  if (deep !== undefined) return { problems: [{ ...placeIn(text, deep), path: [], message: tooDeep }] }
  try {
    const document = parseDocument(text, {
      lineCounter: lines,
      prettyErrors: false,
      resolveKnownTags: false,
      schema: 'core',
      stringKeys: true,
      // The builder below reports duplicates with the path and both positions.
      uniqueKeys: false,
      logLevel: 'error',
    })
    const faults = [...document.errors, ...document.warnings]
    if (faults.length > 0) {
      const problems = faults.map((fault) => ({
        ...positionAt(fault.pos[0]),
        path: [],
        message: wordsOf({ code: fault.code, message: fault.message, offset: fault.pos[0] }, text),
      }))
      return { problems: onePerLine(problems) }
    }
    const problems: YamlProblem[] = []
    const { value, spot } = createBuilder(document, positionAt, problems)()
    if (problems.length > 0) return { problems }
    return { tree: { value, locate: (path, part) => positionAt(find(spot, path, part)) }, problems }
  } catch (error) {
    if (error instanceof TooManyAliases) {
      return { problems: [{ ...positionAt(error.offset), path: [], message: error.message }] }
    }
    throw error
  }
}

function placeIn(text: string, offset: number): Position {
  const lineStart = text.lastIndexOf('\n', offset - 1) + 1
  return { line: text.slice(0, lineStart).split('\n').length, column: offset - lineStart + 1 }
}

const tooDeep = 'is nested too deeply to be read'

/** One fault often makes the parser stumble again on the same line. */
function onePerLine(problems: readonly YamlProblem[]): YamlProblem[] {
  const lines = new Set<number>()
  return problems.filter(({ line }) => !lines.has(line) && lines.add(line))
}

class TooManyAliases extends Error {
  override name = 'TooManyAliases'
  readonly offset: number

  constructor(offset: number) {
    super('aliases here stand for too many values: write them out, or use defaults and modules')
    this.offset = offset
  }
}

/** Makes plain values of the document's nodes, and remembers where each came from. */
function createBuilder(
  document: Document.Parsed,
  positionAt: (offset: number) => Position,
  problems: YamlProblem[],
): () => Built {
  const anchors = new Map<string, Node>()
  const open = new Set<Node>()
  let aliasDepth = 0
  let outermostAlias = 0
  let aliasedNodes = 0

  function problem(offset: number, path: Path, message: string): void {
    problems.push({ ...positionAt(offset), path, message })
  }

  function build(node: unknown, path: Path, fallbackOffset: number): Built {
    const typed = node as Node | null
    const offset = typed?.range?.[0] ?? fallbackOffset
    if (aliasDepth > 0 && ++aliasedNodes > maxAliasedNodes) throw new TooManyAliases(outermostAlias)
    if (path.length > maxDepth) {
      problem(offset, [], tooDeep)
      return { value: null, spot: { offset } }
    }
    if (isAlias(typed)) return buildAlias(typed.source, path, offset)
    const anchor = typed !== null && 'anchor' in typed ? typed.anchor : undefined
    if (typed !== null && anchor !== undefined) anchors.set(anchor, typed)
    if (isScalar(typed)) return { value: scalarValue(typed), spot: { offset } }
    if (typed === null || open.has(typed)) return { value: null, spot: { offset } }
    open.add(typed)
    const built = isSeq(typed) ? buildList(typed.items, path, offset) : buildMap(typed, path, offset)
    open.delete(typed)
    return built
  }

  function buildAlias(name: string, path: Path, offset: number): Built {
    const target = anchors.get(name)
    if (target === undefined || open.has(target)) {
      problem(
        offset,
        path,
        target
          ? `*${name} is inside what it refers to`
          : `there is no anchor &${name} above: to mean the text, put it in quotes`,
      )
      return { value: null, spot: { offset } }
    }
    if (aliasDepth === 0) outermostAlias = offset
    aliasDepth++
    const built = build(target, path, offset)
    aliasDepth--
    return built
  }

  function buildList(items: readonly unknown[], path: Path, offset: number): Built {
    const children = new Map<number, Spot>()
    const value = items.map((item, index) => {
      const built = build(item, [...path, index], offset)
      children.set(index, built.spot)
      return built.value
    })
    return { value, spot: { offset, children } }
  }

  function buildMap(node: Node, path: Path, offset: number): Built {
    const value: Record<string, unknown> = {}
    const children = new Map<string, Spot>()
    const merged: Built[] = []
    for (const pair of isMap(node) ? node.items : []) {
      const key = pair.key as Scalar<string>
      const keyOffset = key.range?.[0] ?? offset
      if (key.value === '<<' && key.type === 'PLAIN') {
        const before = problems.length
        const source = build(pair.value, path, keyOffset)
        if (problems.length === before) merged.push(...mergeSources(source, path, problem))
        continue
      }
      const keyPath = [...path, key.value]
      const before = children.get(key.value)
      if (key.value === '__proto__') problem(keyOffset, keyPath, 'this key cannot be used')
      else if (before === undefined) {
        const built = build(pair.value, keyPath, keyOffset)
        value[key.value] = built.value
        children.set(key.value, { ...built.spot, keyOffset })
      } else {
        const { line, column } = positionAt(before.keyOffset ?? before.offset)
        problem(keyOffset, keyPath, `duplicate key: it is already at ${line}:${column}`)
      }
    }
    // What is written in the map itself wins, wherever the merge key stands; then the first of the merged maps.
    for (const source of merged) {
      for (const [key, inherited] of Object.entries(source.value as Record<string, unknown>)) {
        const spot = source.spot.children?.get(key)
        if (children.has(key) || spot === undefined) continue
        value[key] = inherited
        children.set(key, spot)
      }
    }
    return { value, spot: { offset, children } }
  }

  return () => build(document.contents, [], 0)
}

/** Numbers are what was written, also where a double cannot hold them. */
function scalarValue({ value, source }: Scalar): unknown {
  return typeof value === 'number' && source !== undefined ? exactOf(value, source) : value
}

function mergeSources(
  source: Built,
  path: Path,
  problem: (offset: number, path: Path, message: string) => void,
): Built[] {
  const items: Built[] = Array.isArray(source.value)
    ? source.value.map((value: unknown, index) => ({
        value,
        spot: source.spot.children?.get(index) ?? source.spot,
      }))
    : [source]
  const maps = items.filter(
    ({ value }) => typeof value === 'object' && value !== null && !Array.isArray(value),
  )
  if (maps.length < items.length)
    problem(source.spot.offset, path, '<< merges mappings only, such as <<: *base')
  return maps
}

function find(root: Spot, path: Path, part: 'key' | 'value'): number {
  let spot = root
  for (const step of path) {
    const child = spot.children?.get(step)
    if (child === undefined) return spot.offset
    spot = child
  }
  return part === 'key' ? (spot.keyOffset ?? spot.offset) : spot.offset
}
