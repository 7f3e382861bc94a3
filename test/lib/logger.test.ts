import { once } from 'node:events'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { createLogger } from '../../src/lib/logger.ts'
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
  it('writes text for people, each item of a list on its own line, and nothing that a terminal would obey', () => {
    let written = ''
    const log = createLogger({
      format: 'text',
      destination: { write: (text: string) => void (written += text) },
    })
    const errors = ['config/targets.yml:9:5 url: is missing', 'two\nlines \u001b[31m']
    log.error({ code: 'CONFIG_INVALID', errors, target: 'my shop' }, 'configuration rejected')
    expect(written.slice(8)).toBe(
      ' error: configuration rejected code=CONFIG_INVALID target="my shop"\n    config/targets.yml:9:5 url: is missing\n    two lines\n',
    )
    expect(written.slice(0, 8)).toMatch(/^\d\d:\d\d:\d\d$/)
  })

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
