import { targetsOf } from '../../../src/config/public-page.ts'
import { describe, expect, it } from 'vitest'
import { findTarget, listedTargets, watchedNames } from '../../../src/config/config.ts'
import { parse } from '../../support/parse-config.ts'

const url = 'http://127.0.0.1:1/'

describe('enabled: false', () => {
  it('leaves a target in the list, at its place, and takes it out of what is probed', () => {
    const config = parse(`targets:
  - { name: a, url: "${url}a", enabled: false, was: old, labels: { team: x } }
  - { name: b, url: "${url}b" }
  - { name: c, calls: { host: c }, enabled: false }`)
    expect(config.targets.map(({ name }) => name)).toEqual(['b'])
    expect(listedTargets(config).map(({ name, paused }) => [name, paused])).toEqual([
      ['a', true],
      ['b', undefined],
    ])
    expect(config.target('a')).toMatchObject({ paused: true, labels: { team: 'x' } })
    expect(findTarget(config, 'old')?.name).toBe('a')
    expect(config.callTargets).toMatchObject([{ name: 'c', paused: true }])
    expect(watchedNames(config)).toEqual(['b'])
  })

  it('is inherited, and taken back, as every other key', () => {
    const config = parse(`defaults: { enabled: false }
modules: { live: { enabled: true }, off: { enabled: "false" } }
targets:
  - { name: a, url: "${url}a" }
  - { name: b, url: "${url}b", module: live }
  - { name: c, url: "${url}c", enabled: true }
  - { name: d, url: "${url}d", module: off, enabled: true }
  - { name: e, url: "${url}e", module: live, enabled: "false" }`)
    expect(config.targets.map(({ name }) => name)).toEqual(['b', 'c', 'd'])
  })

  it('changes nothing of what is shown of the check, so that what was seen before stays with it', () => {
    const [on, off] = ['true', 'false'].map((enabled) =>
      parse(`targets: [{ name: a, url: "${url}", enabled: ${enabled} }]`).target('a'),
    )
    expect(off?.shown).toEqual(on?.shown)
  })

  it('may be that of a target that others depend on, and that the public page names', () => {
    const config = parse(`web: { public: [network] }
targets:
  - { name: core, url: "${url}core" }
  - { name: network, url: "${url}network", enabled: false, depends_on: core }
  - { name: shop, url: "${url}shop", depends_on: network }`)
    expect(config.target('shop')?.dependsOn).toEqual(['network', 'core'])
    expect(config.publicPages?.flatMap(targetsOf)).toEqual(['network'])
  })

  it('is refused where it is neither true nor false', () => {
    expect(() => parse(`targets: [{ name: a, url: "${url}", enabled: maybe }]`)).toThrow(
      /targets\.yml:1:\d+ targets\[0\]\.enabled: expected true or false, got "maybe"/,
    )
  })
})
