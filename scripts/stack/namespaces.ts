import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { startProgram, type Program } from './process.ts'
import { root } from './shipped-files.ts'

/** A place with a separate network: programs there reach the world by one wire, and are reached from here by another one. */
export interface Place {
  /** The address of programs there, as seen from here. */
  readonly host: string
  /** The same, as seen from other places, through the world. */
  readonly hostInWorld: string
  /** What a command begins with that is to run there. */
  readonly within: readonly string[]
  /** Pulls the wire to the world: what is sent there is lost, and nobody is refused. */
  readonly cut: () => Promise<void>
  readonly mend: () => Promise<void>
}

/** Places, and the world around them. */
export interface Namespaces {
  readonly places: readonly Place[]
  /** The address at which all places reach what listens on it here, whether or not they are cut off from the world. */
  readonly here: string
  /** The URL of something in the world, which has 254 addresses. @param address From 1 to 254. */
  readonly urlOf: (address: number, path: string) => string
  /** Ends what runs in the world, and removes all namespaces. */
  readonly stop: () => Promise<void>
}

export interface NamespacesOptions {
  /** At most 4. */
  readonly places: number
  /** A server in the world answers 500 where this folder has a file of the name in the path, and 200 elsewhere. */
  readonly failing: string
}

/**
 * For measurements between networks (RFC 2544), so that it is in use nowhere. Only the wires from here to the places are on this
 * machine: another process that does the same has other ones.
 */
const outside = (place: number, end: 1 | 2): string =>
  `198.18.${(process.pid % 63) * maxPlaces + place}.${end}`
const inside = (place: number, end: 1 | 2): string => `198.19.${place}.${end}`
const world = '198.19.255'
const port = 8080
const maxPlaces = 4

const run = promisify(execFile)
const ip = async (...args: readonly string[]): Promise<void> => void (await run('ip', args))

/** Whether this process may make network namespaces, which takes root on Linux. */
export async function canMakeNamespaces(): Promise<boolean> {
  const name = `probity-${process.pid}-try`
  try {
    await ip('netns', 'add', name)
    await ip('netns', 'del', name)
    return true
  } catch {
    return false
  }
}

/**
 * Makes namespaces, whose names begin with the id of this process.
 *
 * @throws Error What `ip` said.
 */
export async function openNamespaces({ places: count, failing }: NamespacesOptions): Promise<Namespaces> {
  const nameOf = (what: string): string => `probity-${process.pid}-${what}`
  const made: string[] = []
  const wires: string[] = []
  let server: Program | undefined

  async function add(name: string): Promise<void> {
    await ip('netns', 'add', name)
    made.push(name)
    await ip('-n', name, 'link', 'set', 'lo', 'up')
  }

  async function stop(): Promise<void> {
    await server?.stop('SIGKILL')
    // A wire ends with either of its ends, but with that of a namespace only some time after it: the next one has the same addresses.
    for (const wire of wires.splice(0)) await ip('link', 'del', wire)
    for (const name of made.splice(0)) await ip('netns', 'del', name)
  }

  async function openPlace(index: number): Promise<Place> {
    const name = nameOf(`${index}`)
    await add(name)
    const here = `pb${process.pid}-${index}`
    await ip('link', 'add', here, 'type', 'veth', 'peer', 'name', 'here', 'netns', name)
    wires.push(here)
    await ip('addr', 'add', `${outside(index, 1)}/30`, 'dev', here)
    await ip('link', 'set', here, 'up')
    await ip('-n', name, 'addr', 'add', `${outside(index, 2)}/30`, 'dev', 'here')
    await ip('-n', name, 'link', 'set', 'here', 'up')
    const worlds = ['-n', nameOf('world')]
    const wire = `place-${index}`
    await ip(...worlds, 'link', 'add', wire, 'type', 'veth', 'peer', 'name', 'world', 'netns', name)
    await ip(...worlds, 'addr', 'add', `${inside(index, 1)}/30`, 'dev', wire)
    await ip(...worlds, 'link', 'set', wire, 'up')
    await ip('-n', name, 'addr', 'add', `${inside(index, 2)}/30`, 'dev', 'world')
    await ip('-n', name, 'link', 'set', 'world', 'up')
    await ip('-n', name, 'route', 'add', '198.19.0.0/16', 'via', inside(index, 1))
    await ip('-n', name, 'route', 'add', '198.18.0.0/16', 'via', outside(index, 1))
    return {
      host: outside(index, 2),
      hostInWorld: inside(index, 2),
      within: ['ip', 'netns', 'exec', name],
      cut: () => ip(...worlds, 'link', 'set', wire, 'down'),
      mend: () => ip(...worlds, 'link', 'set', wire, 'up'),
    }
  }

  try {
    await add(nameOf('world'))
    // All addresses of the network are this machine's.
    await ip('-n', nameOf('world'), 'route', 'add', 'local', `${world}.0/24`, 'dev', 'lo')
    // It passes on what one place sends to another one.
    await ip('netns', 'exec', nameOf('world'), 'sysctl', '-qw', 'net.ipv4.ip_forward=1')
    const script = join(root, 'scripts/stack/world.ts')
    const command = [process.execPath, '--import', 'tsx', script, String(port), failing]
    server = startProgram('world', 'ip', ['netns', 'exec', nameOf('world'), ...command], { cwd: root })
    const places: Place[] = []
    for (let index = 0; index < count; index++) places.push(await openPlace(index))
    return {
      places,
      here: outside(0, 1),
      stop,
      urlOf: (address, path) => `http://${world}.${address}:${port}${path}`,
    }
  } catch (error) {
    await stop()
    throw error
  }
}
