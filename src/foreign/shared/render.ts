import { Document, isMap, isPair, isScalar, isSeq, type Node } from 'yaml'
import type { Mapping } from '../../config/document/parts.ts'
import { oneLine, visible } from '../../lib/text/text.ts'
import { formatPath, type Path } from '../../settings/path.ts'
import type { Remark } from './translation.ts'

/** A module or a target, and what has to be said about it. */
export interface Entry {
  readonly keys: Mapping
  readonly remarks: readonly Remark[]
}

export interface TargetsFile {
  readonly defaults?: Mapping
  readonly modules?: ReadonlyMap<string, Entry>
  readonly targets: readonly Entry[]
  /** Windows for all or some of the targets. Default: none. */
  readonly maintenance?: readonly Entry[]
  readonly web?: Mapping
}

/** `http.fail_if_ssl: that TLS is not used cannot be expected` */
export function remarkText({ path, message }: Remark, from = 0): string {
  const shown = formatPath(path.slice(from))
  return shown === '' ? message : `${shown}: ${message}`
}

/** Writes a targets.yml; every remark is a comment where it belongs. */
export function renderTargets(
  source: string,
  { defaults, modules = new Map<string, Entry>(), targets, maintenance = [], web }: TargetsFile,
): string {
  const document = begun('targets', source, {
    ...(defaults && { defaults }),
    ...(modules.size > 0 && { modules: keysOf(modules) }),
    ...(maintenance.length > 0 && { maintenance: maintenance.map(({ keys }) => keys) }),
    ...(web && { web }),
    targets: targets.map(({ keys }) => keys),
  })
  commentNamed(document, 'modules', modules)
  for (const [key, entries] of Object.entries({ maintenance, targets }))
    for (const [index, { remarks }] of entries.entries()) comment(document.getIn([key, index], true), remarks)
  return written(document)
}

/** Writes a notify.yml; every remark is a comment at its channel. */
export function renderNotify(source: string, channels: ReadonlyMap<string, Entry>): string {
  const document = begun('notify', source, { channels: keysOf(channels) })
  commentNamed(document, 'channels', channels)
  return written(document)
}

function keysOf(entries: ReadonlyMap<string, Entry>): Mapping {
  return Object.fromEntries([...entries].map(([name, { keys }]) => [name, keys]))
}

function begun(schema: string, source: string, content: Mapping): Document {
  const document: Document = new Document(content, { aliasDuplicateObjects: false })
  document.commentBefore = ` yaml-language-server: $schema=./schema/${schema}.schema.json\n Converted from ${inComment(source)}`
  return document
}

function written(document: Document): string {
  return document.toString({ lineWidth: 0, singleQuote: false })
}

function commentNamed(document: Document, parent: string, entries: ReadonlyMap<string, Entry>): void {
  for (const [name, { remarks }] of entries) comment(keyNode(document, [parent, name]), remarks)
}

/** The key under which something stands. */
function keyNode(document: Document, path: readonly [string, string]): unknown {
  const parent = document.get(path[0], true)
  if (!isMap(parent)) return undefined
  const pair = parent.items.find((item) => isPair(item) && isScalar(item.key) && item.key.value === path[1])
  return pair?.key
}

function comment(node: unknown, remarks: readonly Remark[]): void {
  const isNode = isScalar(node) || isMap(node) || isSeq(node)
  if (!isNode || remarks.length === 0) return
  const lines = remarks.map((remark) => ` note: ${inComment(remarkText(remark, depthOf(remark.path)))}`)
  ;(node as Node).commentBefore = lines.join('\n')
}

/** A comment is one line, and holds no character that YAML does not allow. */
function inComment(text: string): string {
  return oneLine(visible(text))
}

/** What stands next to a module or a target need not say which one it is: it begins with a list or a mapping, and its item. */
function depthOf(path: Path): number {
  return Math.min(2, path.length)
}

/** Makes names that no other has. */
export class Names {
  /** The number that a taken name is tried with next. */
  readonly #taken = new Map<string, number>()

  /** @param more What is added where the name is taken. */
  unique(wanted: string, more: string): string {
    const clean = tidy(wanted)
    const candidates = [clean, tidy(`${clean} (${more})`)]
    let name = candidates.find((candidate) => !this.#taken.has(candidate))
    for (let number = this.#taken.get(clean) ?? 2; name === undefined; number++) {
      const numbered = `${clean} (${number})`
      if (!this.#taken.has(numbered)) name = numbered
      this.#taken.set(clean, number + 1)
    }
    this.#taken.set(name, 2)
    return name
  }
}

function tidy(name: string): string {
  const clean = name.replaceAll(/\p{Cc}+/gu, ' ').trim()
  return clean === '' ? 'unnamed' : clean
}
