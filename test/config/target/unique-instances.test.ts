import { expect, it } from 'vitest'
import { parse } from '../../support/parse-config.ts'

const instancesOf = (text: string): string[] => parse(text).targets.map(({ instance }) => instance)

it('tells targets apart that differ in their query only, without showing it', () => {
  const text = [
    'targets:',
    '  - { name: find a, url: "https://shop.example.com/find?q=a&key=hunter2" }',
    '  - { name: find b, url: "https://shop.example.com/find?q=b&key=hunter2" }',
    '  - { name: find c, url: "https://shop.example.com/find#c" }',
    '  - https://shop.example.com/',
  ].join('\n')
  expect(instancesOf(text)).toEqual([
    'https://shop.example.com/find',
    'https://shop.example.com/find#find b',
    'https://shop.example.com/find#find c',
    'https://shop.example.com/',
  ])
})

it('tells targets of every kind apart', () => {
  const text = [
    'targets:',
    '  - { name: db, tcp: "db.example.com:5432" }',
    '  - { name: db greets, tcp: "db.example.com:5432", dialogue: [{ expect: hello }] }',
    '  - { name: a, dns: example.com, server: 192.0.2.1 }',
    '  - { name: b, dns: example.com, server: 192.0.2.1, transport: tcp }',
    '  - { name: "db.example.com:5432", command: "true" }',
  ].join('\n')
  expect(instancesOf(text)).toEqual([
    'db.example.com:5432',
    'db.example.com:5432#db greets',
    'example.com A @192.0.2.1',
    'example.com A @192.0.2.1#b',
    'db.example.com:5432#db.example.com:5432',
  ])
})

it('leaves the first as it was when another one is added below', () => {
  const one = 'targets:\n  - { name: a, url: "https://shop.example.com/?a" }\n'
  const [before] = instancesOf(one)
  const [after] = instancesOf(`${one}  - { name: b, url: "https://shop.example.com/?b" }\n`)
  expect(after).toBe(before)
})
