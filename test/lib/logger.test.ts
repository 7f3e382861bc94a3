import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { root } from '../../scripts/stack/shipped-files.ts'

const program = `
import { createLogger } from './src/lib/logger.ts'
const log = createLogger()
log.info('first')
process.stdin.once('data', () => {
  log.info('nobody reads this')
  setTimeout(() => log.info('nor this'), 20)
  setTimeout(() => { process.stdout.write('still here'); process.exit() }, 40)
})
`

describe('createLogger', () => {
  it('goes on when the reader of the log has gone', async () => {
    const child = spawn(join(root, 'node_modules/.bin/tsx'), ['--input-type=module', '--eval', program], {
      cwd: root,
    })
    const ended = once(child, 'close')
    let output = ''
    child.stdout.on('data', (text) => (output += String(text)))
    await once(child.stderr, 'data')
    child.stderr.destroy()
    await once(child.stderr, 'close')
    child.stdin.end('go on')
    expect(await ended).toEqual([0, null])
    expect(output).toBe('still here')
  })
})
