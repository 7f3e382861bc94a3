import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { stringify } from 'yaml'
import { promtool, promtools } from '../support/programs/promtool.ts'
import type { Pruned } from './prune.ts'

/** Lets promtool test rules and tests that are in no file yet. */
export async function testRules(
  { rules, tests }: Pruned,
  folder: string,
  program = promtools[0]!,
): ReturnType<typeof promtool> {
  const root = await mkdtemp(join(folder, 'run-'))
  await mkdir(join(root, 'rules'))
  await mkdir(join(root, 'tests'))
  for (const one of rules) await write(join(root, 'rules'), one)
  return promtool(program, ['test', 'rules', await write(join(root, 'tests'), tests)])
}

async function write(folder: string, { file, ...content }: { readonly file: string }): Promise<string> {
  const path = join(folder, basename(file))
  // Go's parser still reads the scalars of YAML 1.1.
  await writeFile(path, stringify(content, { version: '1.1', aliasDuplicateObjects: false }))
  return path
}
