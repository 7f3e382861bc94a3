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
}

/** `http.fail_if_ssl: that TLS is not used cannot be expected` */
export function remarkText({ path, message }: Remark, from = 0): string {
  const shown = formatPath(path.slice(from))
  return shown === '' ? message : `${shown}: ${message}`
}

/** Writes a targets.yml; every remark is a comment where it belongs. */
export function renderTargets(source: string, { defaults, modules, targets }: TargetsFile): string {
  const document = new Document(
    {
      ...(defaults && { defaults }),
      ...(modules &&
        modules.size > 0 && {
          modules: Object.fromEntries([...modules].map(([name, { keys }]) => [name, keys])),
        }),
      targets: targets.map(({ keys }) => keys),
    },
    { aliasDuplicateObjects: false },
  )
  document.commentBefore = ` yaml-language-server: $schema=./schema/targets.schema.json\n Converted from ${inComment(source)}`
  for (const [name, { remarks }] of modules ?? []) comment(keyNode(document, ['modules', name]), remarks)
  for (const [index, { remarks }] of targets.entries())
    comment(document.getIn(['targets', index], true), remarks)
  return document.toString({ lineWidth: 0, singleQuote: false })
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
  readonly #taken = new Set<string>()

  /** @param more What is added where the name is taken. */
  unique(wanted: string, more: string): string {
    const clean = tidy(wanted)
    const candidates = [clean, tidy(`${clean} (${more})`)]
    let name = candidates.find((candidate) => !this.#taken.has(candidate))
    for (let number = 2; name === undefined; number++) {
      const numbered = `${clean} (${number})`
      if (!this.#taken.has(numbered)) name = numbered
    }
    this.#taken.add(name)
    return name
  }
}

function tidy(name: string): string {
  const clean = name.replaceAll(/\p{Cc}+/gu, ' ').trim()
  return clean === '' ? 'unnamed' : clean
}
