import { describe, expect, it } from 'vitest'
import fc from 'fast-check'
import { linkDependencies } from '../../../src/config/target/depends-on.ts'
import { parseConfig } from '../../../src/config/load/load.ts'
import { renderProbe } from '../../../src/metrics/render.ts'
import { aResult, aTarget } from '../../support/target.ts'

function load(text: string) {
  return parseConfig(
    { sources: [{ file: 'targets.yml', text }], directory: '/nowhere', files: [] },
    { env: {} },
  )
}

describe('depends_on', () => {
  const config = load(`
modules:
  behind: { depends_on: [gateway] }
targets:
  - { name: page, url: https://a.example.com, depends_on: api, alert_quorum: 2, recover_after: 3 }
  - { name: api, url: https://b.example.com, depends_on: [gateway, database] }
  - { name: gateway, url: https://c.example.com }
  - { name: database, url: https://d.example.com, depends_on: [network] }
  - { name: network, url: https://e.example.com }
  - { name: other, url: https://f.example.com, module: behind }
  - { name: free, url: https://g.example.com, module: behind, depends_on: ~ }
`)

  it('is what is named, and what that depends on in turn, each once', () => {
    expect(Object.fromEntries(config.targets.map(({ name, dependsOn }) => [name, dependsOn]))).toEqual({
      page: ['api', 'gateway', 'database', 'network'],
      api: ['gateway', 'database', 'network'],
      gateway: undefined,
      database: ['network'],
      network: undefined,
      other: ['gateway'],
      free: undefined,
    })
  })

  it('is on every answer of /probe, and so is a quorum of more than one', () => {
    const page = config.target('page')!
    const text = renderProbe({ target: page, result: aResult(), timeoutSeconds: 10 })
    expect(text.match(/^probe_target_(depends_on|alert_quorum|recover_after).*$/gm)).toEqual([
      'probe_target_recover_after_checks 3',
      'probe_target_alert_quorum 2',
      'probe_target_depends_on{parent="api"} 1',
      'probe_target_depends_on{parent="gateway"} 1',
      'probe_target_depends_on{parent="database"} 1',
      'probe_target_depends_on{parent="network"} 1',
    ])
    const other = renderProbe({ target: config.target('gateway')!, result: aResult(), timeoutSeconds: 10 })
    expect(other).not.toMatch(/depends_on|quorum/)
  })

  it('is refused exactly where somebody depends on himself', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.nat(6), fc.nat(6)), { maxLength: 12 }), (edges) => {
        const targets = Array.from({ length: 7 }, (_, index) => {
          const parents = edges.flatMap(([child, parent]) => (child === index ? [`t${parent}`] : []))
          return aTarget({ name: `t${index}`, ...(parents.length > 0 && { dependsOn: parents }) })
        })
        const complaints: string[] = []
        const report = (_path: unknown, message: string): void => void complaints.push(message)
        linkDependencies(targets.map((target) => ({ target, report })))
        const reached = targets.map(({ name, dependsOn = [] }) => {
          const found = new Set(dependsOn)
          for (const parent of found)
            for (const next of targets.find((target) => target.name === parent)?.dependsOn ?? [])
              found.add(next)
          return found.has(name)
        })
        expect(complaints.length > 0).toBe(reached.includes(true))
        for (const complaint of complaints) {
          const way = complaint.replace('forms a cycle: ', '').split(' -> ')
          expect(way.at(-1)).toBe(way[0])
          for (const [index, name] of way.slice(1).entries())
            expect(targets.find((target) => target.name === way[index])?.dependsOn).toContain(name)
        }
      }),
    )
  })
})

describe('many targets that depend on each other', () => {
  function complaintsOf(count: number, parentsOf: (index: number) => number[]): string[] {
    const complaints: string[] = []
    const report = (_path: unknown, message: string): void => void complaints.push(message)
    const targets = Array.from({ length: count }, (_, index) => {
      const dependsOn = parentsOf(index).map((parent) => `t${parent}`)
      return aTarget({ name: `t${index}`, ...(dependsOn.length > 0 && { dependsOn }) })
    })
    linkDependencies(targets.map((target) => ({ target, report })))
    return complaints
  }

  it('in a circle are named in part', () => {
    expect(complaintsOf(20_000, (index) => [(index + 1) % 20_000])).toEqual([
      'forms a cycle: t0 -> t1 -> t2 -> t3 -> t4 -> t5 -> t6 -> t7 -> t8 -> t9 -> 19990 more -> t0',
    ])
  })

  it('in a chain are refused once that is too much work', () => {
    expect(complaintsOf(1000, (index) => (index < 999 ? [index + 1] : []))).toEqual([])
    expect(complaintsOf(20_000, (index) => (index < 19_999 ? [index + 1] : []))).toEqual([
      'the targets up to this one depend on too many others, directly and indirectly: name fewer',
    ])
  })

  it('each on all before it are refused once that is too much work', () => {
    const before = (index: number): number[] => Array.from({ length: index }, (_, parent) => parent)
    expect(complaintsOf(200, before)).toEqual([])
    expect(complaintsOf(1000, before)).toHaveLength(1)
  })
})
