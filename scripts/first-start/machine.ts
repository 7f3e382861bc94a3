import { join } from 'node:path'

/** A machine on which a newcomer begins: this one, or another that lives in a folder of it. */
export interface Machine {
  /** A folder of the machine for what is tried, as it is called from here. */
  readonly folder: string
  /**
   * The same command on that machine, to be started from here.
   *
   * @param within The folder in which it works, as it is called from here.
   */
  readonly command: (words: readonly string[], within: string) => readonly string[]
  /** What the machine calls a file that is called `path` from here. */
  readonly path: (path: string) => string
}

/** This machine. */
export function thisMachine(folder: string): Machine {
  return { folder, command: (words) => words, path: (path) => path }
}

/**
 * In a namespace for mounts, what is mounted is gone when the command ends. There is no other namespace: the command keeps its
 * pid, and its ports can be reached from here.
 */
const enter = 'mount -t proc proc "$0/proc" && mount --rbind /dev "$0/dev" && exec chroot "$0" "$@"'

/**
 * A machine whose files are all below `root`, from where nothing of this one is seen. Needs root, and `unshare` of util-linux.
 *
 * @param root An absolute path.
 * @param environment The variables that its commands have, next to HOME and PATH.
 */
export function machineIn(root: string, environment: Readonly<Record<string, string>> = {}): Machine {
  const variables = Object.entries({
    HOME: '/root',
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    ...environment,
  }).map(([name, value]) => `${name}=${value}`)
  const path = (seenFromHere: string): string => seenFromHere.slice(root.length) || '/'
  return {
    folder: join(root, 'root'),
    path,
    command: (words, within) => {
      const there = ['env', '-i', `--chdir=${path(within)}`, ...variables, ...words]
      return ['unshare', '--mount', 'sh', '-c', enter, root, ...there]
    },
  }
}
