import type { ParsedFile } from '../../settings/issues.ts'
import type { Reading } from '../../config/document/parts.ts'
import type { Path } from '../../settings/path.ts'
import type { YamlTree } from '../../settings/yaml/yaml.ts'
import type { MinitorFile } from './minitor.ts'
import { isMinitor, readMinitor } from './read.ts'
import { translate, type Translation } from './translate.ts'

/** The key of a monitor that a key of a target was made of. */
const monitorKeys: Readonly<Record<string, string>> = {
  interval: 'check_interval',
  timeout: 'check_interval',
  repeat: 'alert_every',
  notify: 'alert_down',
}

/**
 * Lets a file of Minitor be read as targets.yml: positions and paths are those of the file as it was written. Any other file
 * stays what it is. What is wrong is reported.
 */
export function asTargets(source: ParsedFile, reading: Reading): YamlTree {
  return translated(
    source,
    reading,
    ({ targets }) => targets,
    { targets: [] },
    ([first, index, key, ...rest]) => {
      if (first !== 'targets' || index === undefined) return []
      if (key === undefined) return ['monitors', index]
      return ['monitors', index, monitorKeys[key] ?? key, ...(key in monitorKeys ? [] : rest)]
    },
  )
}

/** Lets a file of Minitor be read as notify.yml. */
export function asNotify(source: ParsedFile, reading: Reading): YamlTree {
  let alerts = new Map<string, string>()
  const notifyOf = (translation: Translation): object => {
    alerts = new Map(translation.channels.map(({ channel, alert }) => [channel, alert]))
    return translation.notify
  }
  return translated(source, reading, notifyOf, {}, ([first, channel, ...rest]) => {
    const alert = typeof channel === 'string' ? alerts.get(channel) : undefined
    return first === 'channels' && alert !== undefined ? ['alerts', alert, ...rest] : []
  })
}

function translated(
  source: ParsedFile,
  reading: Reading,
  part: (translation: Translation) => object,
  empty: object,
  origin: (path: Path) => Path,
): YamlTree {
  const { tree } = source
  if (!isMinitor(tree.value)) return tree
  const file = readMinitor(tree.value, { source, at: [] }, reading)
  return {
    value: file === undefined ? empty : part(translate(file)),
    locate: (path, which) => tree.locate(origin(path), which),
    origin,
  }
}

/**
 * Reads a Minitor file by itself.
 *
 * @returns Nothing where it is none, or where something is wrong, which is reported.
 */
export function minitorOf(source: ParsedFile, reading: Reading): MinitorFile | undefined {
  const { value } = source.tree
  return isMinitor(value) ? readMinitor(value, { source, at: [] }, reading) : undefined
}
