import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { promtool, promtools, type PromtoolResult } from '../support/programs/promtool.ts'
import type { Pruned } from './prune.ts'

/**
 * Lets promtool test rules and tests that are in no file yet.
 *
 * @param programs The versions of promtool that have to agree. Default: all.
 */
export async function testRules(
  { rules, tests }: Pruned,
  folder: string,
  programs: readonly string[] = promtools,
): Promise<PromtoolResult> {
  const root = await mkdtemp(join(folder, 'run-'))
  await mkdir(join(root, 'rules'))
  await mkdir(join(root, 'tests'))
  for (const one of rules) await write(join(root, 'rules'), one)
  const file = await write(join(root, 'tests'), tests)
  const results: PromtoolResult[] = []
  for (const program of programs) results.push(await promtool(program, ['test', 'rules', file]))
  return {
    passed: results.every(({ passed }) => passed),
    output: results.map(({ output }) => output).join('\n'),
  }
}

async function write(folder: string, { file, ...content }: { readonly file: string }): Promise<string> {
  const path = join(folder, basename(file))
  // JSON is YAML too, and is written in a hundredth of the time.
  await writeFile(path, JSON.stringify(content))
  return path
}
