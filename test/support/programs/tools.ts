import { delimiter } from 'node:path'
import { describe, it } from 'vitest'
import { findTool } from './find-tool.ts'

/**
 * A suite that needs programs of other projects. Where one is missing the suite is skipped by name, and fails in CI
 * (CI=true): there, everything is to be proven.
 */
export function describeWithTool(tools: readonly string[], name: string, suite: () => void): void {
  const missing = tools.filter((tool) => findTool(tool) === undefined)
  if (missing.length === 0) {
    describe(name, suite)
    return
  }
  const why = `${name} (needs ${missing.join(', ')})`
  if (process.env.CI !== 'true') {
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
