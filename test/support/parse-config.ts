import { foreignFormats } from '../../src/foreign/index.ts'
import type { Config } from '../../src/config/config.ts'
import { parseConfig } from '../../src/config/load/load.ts'
import type { Target } from '../../src/config/target/target.ts'

/** The environment and the secret files of the tests of the configuration. */
export interface Surroundings {
  readonly env?: Record<string, string>
  readonly secrets?: Readonly<Record<string, string>>
  /** The folder of the configuration, with its files. Default: one that is not there, in which there are `secrets` alone. */
  readonly directory?: string
  /** Whether it is remembered where everything was written. */
  readonly origins?: boolean
}

/** Makes a configuration of the text of one file, called targets.yml. */
export function parse(
  text: string,
  { env = {}, secrets = {}, directory, origins = false }: Surroundings = {},
): Config {
  const read = { sources: [{ file: 'targets.yml', text }], directory: directory ?? '/etc/probity', files: [] }
  const readSecret = (path: string): string => {
    const secret = secrets[path]
    if (secret === undefined) throw new Error('no such file')
    return secret
  }
  return parseConfig(read, {
    env,
    foreign: foreignFormats,
    ...(directory === undefined && { readSecret }),
    origins,
  })
}

/** Makes the only target of a configuration. */
export function parseTarget(text: string, surroundings?: Surroundings): Target {
  const [target, ...others] = parse(text, surroundings).targets
  if (target === undefined || others.length > 0) throw new Error('expected exactly one target')
  return target
}
