import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { mayImport } from '../../scripts/house/import-table.ts'
import { circles, readArrows, root, roomOf } from './arrows.ts'

const arrows = readArrows('src')

describe('the arrows between files', () => {
  it('make no circle, types included', () => {
    expect(circles(arrows)).toEqual([])
  })

  it('are found where there is a circle', () => {
    const some = new Map([
      ['a', ['b']],
      ['b', ['c', 'd']],
      ['c', ['a']],
      ['d', []],
    ])
    expect(circles(some)).toEqual([['a', 'b', 'c']])
  })
})

describe('the import table', () => {
  const used = new Map<string, Set<string>>(Object.keys(mayImport).map((room) => [room, new Set()]))
  for (const [file, imported] of arrows)
    for (const other of imported)
      if (roomOf(other) !== roomOf(file)) used.get(roomOf(file))?.add(roomOf(other))

  it('is followed by every file: only these rooms may be imported', () => {
    const rooms = new Map(Object.entries(mayImport))
    const forbidden = [...arrows].flatMap(([file, imported]) => {
      const room = roomOf(file)
      const allowed = rooms.get(room)
      if (!allowed) return []
      return imported
        .filter((other) => roomOf(other) !== room && !allowed.includes(roomOf(other)))
        .map((other) => `${file} imports ${other}: src/${room} may import ${allowed.join(', ') || 'no room'}`)
    })
    expect(forbidden).toEqual([])
  })

  it.each(Object.entries(mayImport))('allows %s just the arrows that exist', (room, allowed) => {
    expect([...(used.get(room) ?? [])].sort()).toEqual([...allowed].sort())
  })

  it('has an order in which every arrow points down', () => {
    const rooms = new Map(Object.entries(mayImport))
    while (rooms.size > 0) {
      const lowest = [...rooms].filter(([, allowed]) => !allowed.some((one) => rooms.has(one)))
      expect(lowest).not.toEqual([])
      for (const [room] of lowest) rooms.delete(room)
    }
  })

  it('names every room, but for the commands on top', () => {
    const rooms = readdirSync(join(root, 'src'), { withFileTypes: true })
      .filter((entry) => entry.isDirectory())
      .map(({ name }) => name)
    expect([...Object.keys(mayImport), 'commands'].sort()).toEqual(rooms.sort())
  })
})

describe('files and folders', () => {
  const lines = [...arrows.keys()].map((file) => ({
    file,
    count: readFileSync(join(root, file), 'utf8').split('\n').length - 1,
  }))
  const folders = readdirSync(join(root, 'src'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => join(entry.parentPath, entry.name))

  it('have at most 300 lines, half of them at most 65', () => {
    expect(lines.filter(({ count }) => count > 300)).toEqual([])
    const sizes = lines.map(({ count }) => count).sort((a, b) => a - b)
    expect(sizes[Math.floor(sizes.length / 2)]).toBeLessThanOrEqual(65)
  })

  it('have at most 25 entries', () => {
    expect(folders.filter((folder) => readdirSync(folder).length > 25)).toEqual([])
  })

  it('need no prefix to be told apart: three with the same first word are a folder', () => {
    const crowded = folders.flatMap((folder) => {
      const words = readdirSync(folder).map((name) => name.replace(/\.\w+$/, '').split('-')[0])
      return words
        .filter((word, at) => words.indexOf(word) === at && words.filter((one) => one === word).length > 2)
        .map((word) => `${folder}: ${word}-`)
    })
    expect(crowded).toEqual([])
  })
})
