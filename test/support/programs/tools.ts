import { delimiter } from 'node:path'
import { describe, it } from 'vitest'
import { findTool } from './find-tool.ts'

/**
 * A suite that needs programs of other projects. Where one is missing the suite is skipped by name, and fails in CI
 * (CI=true): there, everything is to be proven. Compilers of other languages, which take long to install, are optional
 * there too.
 */
export function describeWithTool(
  tools: readonly string[],
  name: string,
  suite: () => void,
  { optional = false }: { readonly optional?: boolean } = {},
): void {
  const missing = tools.filter((tool) => findTool(tool) === undefined)
  if (missing.length === 0) {
    describe(name, suite)
    return
  }
  const why = `${name} (needs ${missing.join(', ')})`
  if (optional || process.env.CI !== 'true') {
    describe.skip(why, suite)
    return
  }
  it(why, () => {
    throw new Error(`not on PATH: ${missing.join(', ')}`)
  })
}

/** Further versions of a tool to test with: the paths in an environment variable, separated as in PATH. */
export function moreVersions(variable: string): string[] {
  return (process.env[variable] ?? '').split(delimiter).filter((path) => path !== '')
}
