import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readDocument } from '../../../../../src/checks/http/validation/files.ts'
import { isMapping, type Mapping } from '../../../../../src/checks/http/openapi/document.ts'

const packages = join(import.meta.dirname, '../../../../../node_modules')

/** The specifications of public APIs: as their owners publish them, and for GitHub, whose own has 13 MB, five operations of it. */
const files = {
  'github.json': join(import.meta.dirname, 'github.json'),
  'figma.yaml': join(packages, '@figma/rest-api-spec/openapi/openapi.yaml'),
  'star-trek.json': join(packages, '@readme/oas-examples/3.0/json/star-trek.json'),
  'readme.json': join(packages, '@readme/oas-examples/3.1/json/readme.json'),
}

export type PublicApi = keyof typeof files

/** Reads one of them, as the folder of a configuration is read. */
export function readPublic(file: string): string {
  const path = Object.hasOwn(files, file) ? files[file as PublicApi] : undefined
  if (path === undefined) throw new Error(`there is no ${file}`)
  return readFileSync(path, 'utf8')
}

/** One of them, parsed. */
export function publicApi(file: PublicApi): Mapping {
  const value = readDocument(file, readPublic)
  if (!isMapping(value)) throw new Error(`${file} is not a mapping`)
  return value
}
