import { templateNames } from '../../../src/channels/shared/template-values.ts'
import { filesBelow, readText } from './files.ts'

/** Files that are shipped and read variables themselves. */
const shipped = ['docker-compose.yml', 'config/targets.yml', 'config/notify.yml']

const name = '[A-Z][A-Z0-9_]+|[A-Za-z]+_(?:proxy|PROXY)'

/**
 * The environment variables that the sources name, that shipped files read, and that commands of channels are given. Those of
 * flags are in the list of flags.
 */
export async function environment(): Promise<string[]> {
  const sources = [...(await filesBelow('src', '.ts')), ...(await filesBelow('client/src', '.ts'))]
  const texts = await Promise.all(sources.map(readText))
  const read = new Set(texts.flatMap((text) => named(text, texts)))
  const files = await Promise.all(
    shipped.map(async (file) => {
      const found = (await readText(file)).replace(/^\s*#.*$/gm, '').matchAll(/\$\{([A-Z][A-Z0-9_]*)/g)
      return [...new Set([...found].map(([, variable = '']) => `read by ${file}: ${variable}`))]
    }),
  )
  return [
    ...[...read].map((variable) => `read by the program: ${variable}`),
    ...files.flat(),
    ...templateNames.map((value) => `given to commands: PROBITY_${value.toUpperCase()}`),
  ]
}

/** In the ways in which the sources read a variable: as a property, by taking `env` apart, or by a name from elsewhere. */
function named(text: string, all: readonly string[]): string[] {
  const properties = matches(text, new RegExp(`\\benv(?:\\.|\\[')(${name})\\b`, 'g'))
  const takenApart = matches(text, /\{([^{}]*)\}(?:: [\w.]+)? = (?:process\.)?env\b/g).flatMap((names) =>
    matches(names, new RegExp(`\\b(${name})\\b`, 'g')),
  )
  const variables = matches(text, /\benv\[(\w+)\]/g)
  const constants = variables.flatMap((variable) =>
    all.flatMap((other) => matches(other, new RegExp(`const ${variable} = '(${name})'`, 'g'))),
  )
  const listed = variables.length === 0 ? [] : matches(text, /'([A-Za-z]+_(?:proxy|PROXY))'/g)
  return [...properties, ...takenApart, ...constants, ...listed]
}

function matches(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, found = '']) => found)
}
