import { spawn, type ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'

/**
 * Kills the process groups that it has heard of and not heard the end of, and removes their folders, as soon as nobody can write
 * to it any more: a process that is killed cannot clean up after itself, and Node.js has no way to ask the system for that.
 */
const script = `
trap '' HUP INT TERM
while read -r what group folder; do
  for each; do
    shift
    [ "\${each%% *}" = "$group" ] || set -- "$@" "$each"
  done
  [ "$what" = ends ] || set -- "$@" "$group $folder"
done
for each; do kill -9 "-\${each%% *}"; done
for each; do
  folder=\${each#* }
  # What is killed may take a moment to stop writing.
  [ "$folder" = '' ] || rm -rf -- "$folder" || { sleep 1; rm -rf -- "$folder"; }
done
`

/** The folders of the groups that run; empty for one without. */
const running = new Map<number, string>()
let reaper: ChildProcess | undefined

/**
 * From now on, the process group dies with this process, however that ends.
 *
 * @param folder Is removed then, too. Default: none.
 */
export function diesWithUs(group: number, folder = ''): void {
  running.set(group, folder)
  if (reaper) say(reaper, `begins ${group} ${folder}`)
  else {
    reaper = start()
    for (const [each, itsFolder] of running) say(reaper, `begins ${each} ${itsFolder}`)
  }
}

/** The group has ended, or what is left of it may stay. */
export function hasEnded(group: number): void {
  running.delete(group)
  if (reaper) say(reaper, `ends ${group}`)
}

function say({ stdin }: ChildProcess, line: string): void {
  if (stdin?.writable) stdin.write(`${line}\n`)
}

/** Where there is no shell, commands outlive a killed process as they would without this. */
function start(): ChildProcess {
  const child = spawn('/bin/sh', ['-c', script], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
    env: {},
    cwd: '/',
  })
  const gone = (): void => {
    if (reaper === child) reaper = undefined
  }
  child.on('error', gone)
  child.on('exit', gone)
  child.stdin.on('error', gone)
  child.unref()
  // A pipe is a socket, whatever its type says.
  const pipe: unknown = child.stdin
  if (pipe instanceof Socket) pipe.unref()
  return child
}
