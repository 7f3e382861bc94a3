import type { Environment } from '../../settings/secrets.ts'
import type { MinitorFile } from './minitor.ts'

/**
 * Python's Minitor puts `${VAR}` in when it loads its file, also between single quotes, where a shell does not. Such a
 * variable gets its own double quotes, so that the shell puts it in, and does not read its value as code.
 *
 * Only quotes that are certain are touched: of a script with a here-document, or with a quote that does not end, nothing is.
 */
export function openVariables(script: string): string {
  if (script.includes('<<')) return script
  let out = ''
  let quote: '"' | "'" | undefined
  let atWord = true
  for (let at = 0; at < script.length; at++) {
    const character = script.charAt(at)
    const variable = /^\$\{[A-Za-z_]\w*(?::?-[^}'"`$\\]*)?\}/.exec(script.slice(at))?.[0]
    if (quote === "'" && variable !== undefined) {
      out += `'"${variable}"'`
      at += variable.length - 1
      continue
    }
    out += character
    if (quote === undefined && character === '#' && atWord) {
      const end = script.indexOf('\n', at)
      out += script.slice(at + 1, end === -1 ? undefined : end)
      at = end === -1 ? script.length : end - 1
      continue
    }
    if (quote === undefined ? character === '"' || character === "'" : character === quote)
      quote = quote === undefined ? (character as '"' | "'") : undefined
    else if (character === '\\' && quote !== "'") out += script.charAt(++at)
    atWord = quote === undefined && /[\s;&|(]/.test(character)
  }
  return quote === undefined ? out : script
}

/**
 * The variables of shell commands that are not set. Python's Minitor does not start without them; Go's leaves them to the
 * shell, where they may be made by the script itself.
 */
export function unsetVariables({ dialect, monitors, alerts }: MinitorFile, env: Environment): string[] {
  if (dialect === 'go') return []
  const scripts = [...monitors.map(({ command }) => command), ...alerts.values()]
  const names = scripts
    .filter((command) => typeof command === 'string')
    .flatMap((script) => Array.from(script.matchAll(/\$\{([A-Za-z_]\w*)\}/g), ([, name = '']) => name))
  return [...new Set(names)].filter((name) => env[name] === undefined)
}
