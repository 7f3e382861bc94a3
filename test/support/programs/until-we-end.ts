import { spawn, type SpawnOptions } from 'node:child_process'
import { chownSync } from 'node:fs'
import { mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Waits for the end of its input, which is the end of this process, however it ends; then ends the program and removes the folder.
 * SIGQUIT is the immediate shutdown of PostgreSQL.
 */
const guard = `
test $# = 0 || { "$@" >/dev/null 2>&1 & }
cat >/dev/null
test $# = 0 || kill -QUIT $!
wait
rm -rf "$PWD"`

/** Makes an empty folder that outlives the suite: for what the suites of a worker share. `untilWeEnd` removes it. */
export async function lastingFolder(user?: { uid: number; gid: number }): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'probity-shared-'))
  if (user) chownSync(folder, user.uid, user.gid)
  return folder
}

/** Removes a folder when this process ends, and until then runs a program in it, where there is one. */
export function untilWeEnd(
  folder: string,
  command: readonly string[] = [],
  options: Pick<SpawnOptions, 'uid' | 'gid' | 'env'> = {},
): void {
  const child = spawn('sh', ['-c', guard, 'sh', ...command], {
    ...options,
    cwd: folder,
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  child.unref()
  // A pipe that is open keeps a process from its end.
  ;(child.stdin as unknown as { unref: () => void }).unref()
}
