import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { describe, it } from '@jest/globals'

/** Where a program of this name is on PATH. */
export function findTool(name: string): string | undefined {
  return (process.env.PATH ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path))
}

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
