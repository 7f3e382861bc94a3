import { execFileSync } from 'node:child_process'
import { findTool } from './find-tool.ts'
import { moreVersions } from './tools.ts'

/** Debian's, and those that PROBITY_BLACKBOX_EXPORTER names. */
export const blackboxExporters: readonly string[] = [
  'prometheus-blackbox-exporter',
  ...moreVersions('PROBITY_BLACKBOX_EXPORTER'),
]

/** The minor version of a blackbox_exporter, such as 28; nothing where it is not there. */
export function minorVersion(program: string): number | undefined {
  if (findTool(program) === undefined) return undefined
  const [, minor] = /version \d+\.(\d+)/.exec(execFileSync(program, ['--version']).toString()) ?? []
  if (minor === undefined) throw new Error(`${program} --version names no version`)
  return Number(minor)
}
