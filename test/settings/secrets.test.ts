import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import {
  createExpander,
  escapeExpansions,
  ExpansionError,
  readSecretFile,
} from '../../src/settings/secrets.ts'
import { tempFolder } from '../support/temp-folder.ts'

const env = { NAME: 'value', EMPTY: '', REFERENCE: '${NAME}' }
const readSecret = (path: string): string => `content of ${path}`
const expander = () => createExpander({ env, directory: '/etc/probity', readSecret })
const expand = (text: string) => expander().expand(text).value

describe('expand', () => {
  it.each([
    ['plain', 'plain'],
    ['$', '$'],
    ['$NAME {NAME}', '$NAME {NAME}'],
    ['${NAME}', 'value'],
    ['a ${NAME} b ${NAME}', 'a value b value'],
    ['${NAME:-other}', 'value'],
    ['${MISSING:-other}', 'other'],
    ['${MISSING:-}', ''],
    ['${EMPTY}', ''],
    ['${EMPTY:-other}', 'other'],
    ['$${NAME}', '${NAME}'],
    ['$$${NAME}', '$${NAME}'],
    ['${NAME}$${NAME}', 'value${NAME}'],
    ['${file:/run/secrets/x}', 'content of /run/secrets/x'],
    ['${file:x y}', 'content of /etc/probity/x y'],
  ])('%s', (text, expanded) => {
    expect(expand(text)).toBe(expanded)
  })

  it('does not expand what was inserted', () => {
    expect(expand('${REFERENCE}')).toBe('${NAME}')
  })

  it.each(['${', '${}', '${1A}', '${A B}', '${NAME', '${file:}', '${A:-${NAME}}', '${A-b}'])(
    'refuses %s',
    (text) => {
      expect(() => expand(text)).toThrow(ExpansionError)
    },
  )

  it('names the variable that is missing', () => {
    expect(() => expand('${MISSING}')).toThrow('the environment variable MISSING is not set')
  })

  it('takes no property of every object for a variable', () => {
    expect(() => expand('${toString}')).toThrow('toString is not set')
  })

  it('says where values were inserted, defaults left out', () => {
    const { value, insertions } = expander().expand('a${NAME}b${MISSING:-c}${NAME}')
    expect(insertions.map(({ start, end }) => [start, value.slice(start, end)])).toEqual([
      [1, 'value'],
      [8, 'value'],
    ])
  })

  it('gives the same for the same text, and lists the files', () => {
    let reads = 0
    const counting = createExpander({ env, directory: '/', readSecret: () => String(++reads) })
    expect([counting.expand('${file:/a}').value, counting.expand('${file:/a}').value]).toEqual(['1', '1'])
    expect([...counting.files]).toEqual(['/a'])
  })

  it('leaves text without ${ as it is, and escaped text too', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'NAME', ':', '-', ' ') }), (text) => {
        if (!text.includes('${')) expect(expand(text)).toBe(text)
        expect(expand(escapeExpansions(text))).toBe(text)
      }),
    )
  })

  it('throws nothing but its own error', () => {
    fc.assert(
      fc.property(fc.string({ unit: fc.constantFrom('$', '{', '}', 'NAME', ':', '-', 'file') }), (text) => {
        try {
          expand(text)
        } catch (error) {
          expect(error).toBeInstanceOf(ExpansionError)
        }
      }),
    )
  })
})

describe('readSecretFile', () => {
  it('leaves the newline at the end out', async () => {
    const file = join(await tempFolder(), 'secret')
    await writeFile(file, ' two\nlines \r\n')
    expect(readSecretFile(file)).toBe(' two\nlines ')
  })

  it('refuses what is not a file, is too large or is not text', async () => {
    const folder = await tempFolder()
    await mkdir(join(folder, 'directory'))
    await writeFile(join(folder, 'large'), Buffer.alloc(1024 * 1024 + 1, 'x'))
    await writeFile(join(folder, 'binary'), Buffer.from([0xff, 0xfe]))
    expect(() => readSecretFile(join(folder, 'directory'))).toThrow('it is not a regular file')
    expect(() => readSecretFile(join(folder, 'large'))).toThrow('it is larger than 1 MiB')
    expect(() => readSecretFile(join(folder, 'binary'))).toThrow('not valid for encoding utf-8')
    expect(() => readSecretFile(join(folder, 'missing'))).toThrow('ENOENT')
  })
})
