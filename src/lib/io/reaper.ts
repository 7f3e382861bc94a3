import { spawn, type ChildProcess } from 'node:child_process'
import { Socket } from 'node:net'

/**
 * Kills the process groups that it has heard of and not heard the end of, as soon as nobody can write to it any more: a
 * process that is killed cannot clean up after itself, and Node.js has no way to ask the system for that.
 */
const script = `
trap '' HUP INT TERM
groups=' '
while read -r what group; do
  case $what in
    begins) groups="$groups$group " ;;
    ends) case $groups in *" $group "*) groups="\${groups%%" $group "*} \${groups#*" $group "}" ;; esac ;;
  esac
done
for group in $groups; do kill -9 "-$group"; done
`

const running = new Set<number>()
let reaper: ChildProcess | undefined

/** From now on, the process group dies with this process, however that ends. */
export function diesWithUs(group: number): void {
  running.add(group)
  if (reaper) say(reaper, 'begins', group)
  else {
    reaper = start()
    for (const each of running) say(reaper, 'begins', each)
  }
}

/** The group has ended, or what is left of it may stay. */
export function hasEnded(group: number): void {
  running.delete(group)
  if (reaper) say(reaper, 'ends', group)
}

function say({ stdin }: ChildProcess, what: 'begins' | 'ends', group: number): void {
  if (stdin?.writable) stdin.write(`${what} ${group}\n`)
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
