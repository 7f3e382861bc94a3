import { spawn } from 'node:child_process'

/** What opens an address on each system. */
const openers: Partial<Record<NodeJS.Platform, readonly [string, ...string[]]>> = {
  darwin: ['open'],
  win32: ['cmd', '/c', 'start', ''],
}

/** Opens an address in the browser of this machine. Where there is none, nothing happens: the address is printed anyway. */
export function openInBrowser(url: string, env: NodeJS.ProcessEnv): void {
  const [command, ...args] = openers[process.platform] ?? ['xdg-open']
  const child = spawn(command, [...args, url], { env, stdio: 'ignore', detached: true })
  child.on('error', () => undefined)
  child.unref()
}
