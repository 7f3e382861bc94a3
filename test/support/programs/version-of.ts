import { execFile } from 'node:child_process'
import { promisify } from 'node:util'

/** The version of a program of Prometheus: `0.25` of 0.25.0. */
export async function versionOf(program: string): Promise<string> {
  const { stdout, stderr } = await promisify(execFile)(program, ['--version'])
  return /version (\d+\.\d+)/.exec(stdout + stderr)?.[1] ?? '0.0'
}
