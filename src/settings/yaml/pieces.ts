import { readJson } from './json.ts'
import { parseYaml, type Position, type YamlResult, type YamlTree } from './yaml.ts'

/**
 * What was parsed before, by its text. Parsing is most of the work of a reload, and an edit leaves nearly all targets as
 * they were: with a thousand of them, this is the difference between a pause of the probes and none.
 */
export class PieceCache {
  #last = new Map<string, YamlResult>()
  #current = new Map<string, YamlResult>()

  parse(text: string): YamlResult {
    const result = this.#current.get(text) ?? this.#last.get(text) ?? parseYaml(text)
    this.#current.set(text, result)
    return result
  }

  /** Forgets what was not asked for since the last time. To be called after a load. */
  sweep(): void {
    this.#last = this.#current
    this.#current = new Map()
  }
}

/** Targets of one file. A machine that probes more of them needs several processes anyway. */
export const maxTargets = 50_000

interface Piece {
  readonly text: string
  /** Lines before it. */
  readonly linesBefore: number
}

interface Pieces {
  /** The file without the items of `targets:`. */
  readonly frame: string
  /** Up to here, lines of the frame are those of the file; from here on, `linesCut` are missing. */
  readonly frameLines: number
  readonly linesCut: number
  /** Spaces before the dash of every item. */
  readonly indent: number
  readonly items: readonly Piece[]
}

/**
 * Reads a document as {@link parseYaml} does, the items of `targets:` one by one, so that those that are known need not be
 * parsed. A document that cannot be taken apart safely, or that has a fault, is parsed as a whole, unless it is JSON.
 */
export function parseYamlInPieces(text: string, cache: PieceCache): YamlResult {
  const tree = readJson(text)
  if (tree) return { tree, problems: [] }
  const pieces = takeApart(text)
  const [tooMany] = pieces?.items.slice(maxTargets) ?? []
  // Found before the work is done.
  if (pieces && tooMany) {
    const place = { line: tooMany.linesBefore + 1, column: pieces.indent + 1 }
    return { problems: [{ ...place, path: ['targets', maxTargets], message: tooManyTargets }] }
  }
  return (pieces && putTogether(pieces, cache)) ?? parseYaml(text)
}

export const tooManyTargets =
  'one file lists at most 50,000 targets: divide them among several processes, each with its own file'

/** Anchors, aliases and tags reach across items, directives and markers of documents across everything. */
const reachesAcross = /(?:^|[\s[{,:?-])[&*!]|^(?:%|---|\.\.\.)/m

/** Quotes or flow collections at the top may hold lines that only look like keys. */
const topIsNoBlock = /^[^\S\n]*[[{"'|>]/m

function takeApart(text: string): Pieces | undefined {
  if (reachesAcross.test(text)) return undefined
  const lines = text.split('\n')
  const start = lines.findIndex((line) => /^targets:\s*(?:#.*)?$/.test(line))
  if (start === -1 || topIsNoBlock.test(lines.slice(0, start).join('\n'))) return undefined
  const isItem = /^( *)-(?:\s|$)/
  const first = lines.findIndex((line, index) => index > start && !/^\s*(?:#.*)?$/.test(line))
  const indent = isItem.exec(lines[first] ?? '')?.[1]?.length
  if (indent === undefined) return undefined
  const starts: number[] = []
  let end = first
  for (; end < lines.length; end++) {
    const line = lines[end] ?? ''
    const depth = line.search(/[^ ]/)
    if (depth === -1 || depth > indent || line[depth] === '#' || line[depth] === '\r') continue
    if (depth < indent || !isItem.test(line)) break
    starts.push(end)
  }
  // What ends the list can only be a key at the top.
  if (end < lines.length && !/^[A-Za-z]/.test(lines[end] ?? '')) return undefined
  return {
    frame: [...lines.slice(0, start + 1), ...lines.slice(end)].join('\n'),
    frameLines: start + 1,
    linesCut: end - start - 1,
    indent,
    items: starts.map((line, index) => ({
      text: textOf(lines, line, starts[index + 1] ?? end),
      linesBefore: line,
    })),
  }
}

/** Newlines at the end count: a block scalar may keep them, and a piece is known whatever stands after it. */
function textOf(lines: readonly string[], from: number, to: number): string {
  return lines.slice(from, to).join('\n') + (to < lines.length ? '\n' : '')
}

function putTogether(pieces: Pieces, cache: PieceCache): YamlResult | undefined {
  const frame = cache.parse(pieces.frame).tree
  const top = frame?.value
  if (frame === undefined || typeof top !== 'object' || top === null || Array.isArray(top)) return undefined
  // Anything but nothing was not the list that was cut out.
  if (!('targets' in top) || top.targets !== null) return undefined
  const targets: unknown[] = []
  const trees: YamlTree[] = []
  for (const { text } of pieces.items) {
    const { tree } = cache.parse(text)
    if (tree === undefined || !Array.isArray(tree.value) || tree.value.length !== 1) return undefined
    targets.push(tree.value[0])
    trees.push(tree)
  }
  return { problems: [], tree: { value: { ...top, targets }, locate: locateIn(pieces, frame, trees) } }
}

function locateIn(pieces: Pieces, frame: YamlTree, trees: readonly YamlTree[]): YamlTree['locate'] {
  const inFrame: YamlTree['locate'] = (path, part) => {
    const { line, column } = frame.locate(path, part)
    return { line: line > pieces.frameLines ? line + pieces.linesCut : line, column }
  }
  const list: Position = { line: (pieces.items[0]?.linesBefore ?? 0) + 1, column: pieces.indent + 1 }
  return (path, part) => {
    const [top, index, ...rest] = path
    if (top !== 'targets' || (path.length === 1 && part === 'key')) return inFrame(path, part)
    const tree = typeof index === 'number' ? trees[index] : undefined
    const item = typeof index === 'number' ? pieces.items[index] : undefined
    if (tree === undefined || item === undefined) return list
    const { line, column } = tree.locate([0, ...rest], part)
    return { line: line + item.linesBefore, column }
  }
}
