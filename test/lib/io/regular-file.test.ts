import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { openDurableMap } from '../../../src/lib/io/durable-map.ts'
import { stateFile } from '../../../src/lib/io/state-file.ts'
import { readToken } from '../../../src/lib/io/token-file.ts'
import { loadConfig } from '../../../src/config/load/load.ts'
import { readTokens } from '../../../src/tokens/file.ts'
import { tempFolder } from '../../support/temp-folder.ts'

const readers: Readonly<Record<string, (path: string) => unknown>> = {
  'the token of a receiver': readToken,
  'the tokens of a server': readTokens,
  'a state file': (path) => stateFile(path).load((state) => state),
  'a state file of lines': (path) => openDurableMap({ path }),
  'a configuration': (path) => loadConfig(path, { env: {} }),
}

/** A pipe that nobody writes to hangs whoever opens it, and a device has no end. */
it.each(Object.entries(readers))(
  '%s is no pipe and no device, and the message says so',
  async (_what, read) => {
    const pipe = join(await tempFolder(), 'pipe')
    execFileSync('mkfifo', [pipe])
    for (const path of [pipe, '/dev/zero'])
      await expect(Promise.resolve().then(() => read(path))).rejects.toThrow(/it is not a regular file/)
  },
)
