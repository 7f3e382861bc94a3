import { readFileSync, statSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import type { ForeignModule, ForeignModules } from '../../config/foreign.ts'
import type { Written } from '../../config/document/document.ts'
import { Issues, type ParsedFile } from '../../settings/issues.ts'
import { read, readPart, type Mapping, type Part, type Reading } from '../../config/document/parts.ts'
import { formatPath } from '../../settings/path.ts'
import { resolveTarget } from '../../config/load/resolve.ts'
import { moduleSchema, targetSchema } from '../../config/document/schema.ts'
import { escapeExpansions, reasonOf } from '../../settings/secrets.ts'
import { maxFileBytes } from '../../settings/sources.ts'
import { asText, oneOrMany } from '../../settings/values/value.ts'
import { parseYaml } from '../../settings/yaml/yaml.ts'
import type { BlackboxModule } from './module.ts'
import { readBlackbox, bytesAsBase64 } from './read.ts'

const pathsSchema = oneOrMany(asText, { type: 'string' })

/**
 * Reads the files of a `modules_from:`. A file that cannot be read is reported; what is wrong with one of its modules makes
 * that module one that cannot be used.
 *
 * @param directory Absolute: where relative paths start.
 */
export function readModulesFrom(written: Written, directory: string, reading: Reading): ForeignModules {
  const paths = read<string[]>(pathsSchema, written.value, written.place, reading).value ?? []
  const report = (message: string): void => {
    reading.issues.add(written.place, [], 'value', message)
  }
  const found = paths.flatMap((path) => {
    const text = readText(path, resolve(directory, path), report)
    return text === undefined ? [] : [{ path, text }]
  })
  return {
    files: paths.map((path) => resolve(directory, path)),
    texts: found.map(({ text }) => text),
    modules: found.flatMap(({ path, text }) => readModules(path, text, directory, reading, report)),
  }
}

function readModules(
  shown: string,
  text: string,
  directory: string,
  reading: Reading,
  report: (message: string) => void,
): ForeignModule[] {
  const { tree, problems } = parseYaml(bytesAsBase64(text))
  const [problem] = problems
  if (problem) report(`${shown}:${problem.line}:${problem.column}: ${problem.message}`)
  if (!tree) return []
  const modules = readBlackbox(tree.value, dirname(resolve(directory, shown)))
  if (!modules) report(`${shown} is not a blackbox.yml: it has no mapping of modules`)
  return (modules ?? []).map((module) => foreignModule(module, { file: shown, tree }, reading))
}

function readText(shown: string, path: string, report: (message: string) => void): string | undefined {
  try {
    const stats = statSync(path)
    // A pipe or a device would be waited for, or read without end.
    if (!stats.isFile()) report(`${shown} cannot be read: it is not a regular file`)
    else if (stats.size <= maxFileBytes) return readFileSync(path, 'utf8')
    else report(`${shown} is larger than 10 MiB`)
  } catch (error) {
    report(`${shown} cannot be read: ${reasonOf(error)}`)
  }
  return undefined
}

function foreignModule(module: BlackboxModule, { file, tree }: ParsedFile, reading: Reading): ForeignModule {
  const { name, key, keys, timeout } = module
  const issues = new Issues([], reading.expander)
  const source: ParsedFile = {
    file,
    tree: {
      value: keys,
      locate: (path, part) => tree.locate(module.origin(path), part),
      origin: module.origin,
    },
  }
  for (const { path, message } of module.lost)
    issues.addRaw({ file, ...tree.locate(path, 'key'), path: formatPath(path), message })
  const part = readPart(moduleSchema, keys, { source, at: [] }, { ...reading, issues })
  const ownPart: ForeignModule['ownPart'] = (target, report) => readOwn(module.own(target), report, reading)
  resolveTarget(name, [part, ownPart(module.example, part.report)], reading.expander)
  const { line, column } = tree.locate(['modules', name], 'value')
  const found = issues.sorted()
  const refusal = found.map(
    (issue) => `${file}:${issue.line}:${issue.column} ${issue.path}: ${issue.message}`,
  )
  return {
    name,
    part,
    ownPart,
    key,
    ...(timeout !== undefined && { timeout }),
    place: `${file}:${line}:${column}`,
    ...(refusal.length > 0 && { refusal: refusal.join('; ') }),
  }
}

/** What was asked for is text: nothing in it is expanded. */
function readOwn(own: Mapping, report: Part['report'], reading: Reading): Part {
  const written = Object.fromEntries(
    Object.entries(own).map(([key, item]) => [key, typeof item === 'string' ? escapeExpansions(item) : item]),
  )
  const issues = new Issues([], reading.expander)
  const source: ParsedFile = { file: '', tree: { value: written, locate: () => ({ line: 0, column: 0 }) } }
  const part = readPart(targetSchema, written, { source, at: [] }, { issues, expander: reading.expander })
  for (const issue of issues.sorted()) report([issue.path], issue.message)
  return { ...part, report }
}
