import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { bannedPhrases, findBanned } from '../../scripts/house/plain-english.ts'
import { root } from './arrows.ts'
import { textsIn, withoutMarks } from './texts.ts'

/** Where people read something; below a folder, every file that is written by hand. */
const places = [
  '.',
  'docs',
  'docs/recipes',
  'client',
  'client/src/',
  'src/',
  'grafana/src/',
  'scripts/',
  'bench/',
  'prometheus/rules/',
]

/** The table itself, and what is still to be rewritten. */
const excepted = [/^scripts\/house\/plain-english\.ts$/]

const files = places
  .flatMap((place) =>
    readdirSync(join(root, place), { recursive: place.endsWith('/'), encoding: 'utf8' })
      .filter((name) => (place.endsWith('/') ? /\.(ts|mjs|sh|sql|css|yml|md|txt)$/ : /\.md$/).test(name))
      .map((name) => join(place, name)),
  )
  .filter((file) => !excepted.some((one) => one.test(file)))

describe('plain English', () => {
  it('is all that people read', () => {
    const findings = files.flatMap((file) => {
      const content = readFileSync(join(root, file), 'utf8')
      // To parse takes long, and most files have none, not even in their code.
      if (findBanned(withoutMarks(content)).length === 0) return []
      return findBanned(textsIn(file, content)).map(
        ({ line, found, instead }) => `${file}:${line} "${found}": write ${instead}`,
      )
    })
    expect(findings).toEqual([])
  })

  it.each(bannedPhrases)('is not: $example', ({ example, instead }) => {
    expect(findBanned(example)).toEqual([expect.objectContaining({ line: 1, instead })])
  })

  it('is looked for in the comments and texts of a program, over the ends of lines', () => {
    const program = [
      '/**',
      ' * What is',
      ' * no name.',
      ' */',
      "const anew = 'told of', beside = `upon ${hence}`",
    ]
    const found = findBanned(textsIn('program.ts', program.join('\n')))
    expect(found.map((one) => `${one.line} ${one.found.trim()}`)).toEqual(['2 is no', '5 told of', '5 upon'])
  })
})
