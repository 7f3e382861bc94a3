import { resolve } from 'node:path'
import { isMapping } from '../../config/document/parts.ts'
import { translateModule, type BlackboxModule } from './module.ts'

/**
 * Lets the bytes in a blackbox.yml be read as `{ bytes: base64 }`, because YAML 1.2 does not know `!!binary`.
 *
 * @param text Of the file, before it is parsed.
 */
export function bytesAsBase64(text: string): string {
  return text.replaceAll(/!!binary[ \t]+("[^"\n]*"|'[^'\n]*'|[A-Za-z0-9+/=]+)/g, '{ bytes: $1 }')
}

/**
 * The modules of a blackbox.yml, in its order.
 *
 * Source of the format: https://github.com/prometheus/blackbox_exporter/blob/master/CONFIGURATION.md
 *
 * @param directory Absolute: the paths in the file start from it.
 * @returns Nothing if it is not such a file.
 */
export function readBlackbox(document: unknown, directory: string): BlackboxModule[] | undefined {
  const modules = isMapping(document) ? document['modules'] : undefined
  if (!isMapping(modules)) return undefined
  const pathOf = (path: string): string => resolve(directory, path)
  return Object.entries(modules).map(([name, written]) =>
    translateModule(name, written, ['modules', name], pathOf),
  )
}
