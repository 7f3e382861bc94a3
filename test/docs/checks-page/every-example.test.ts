import { describe, expect, it } from 'vitest'
import { examples } from './examples.ts'
import { connections } from './stand-ins/connections.ts'
import { jobs } from './stand-ins/jobs.ts'
import { names } from './stand-ins/names.ts'
import { mqtt, redis, ssh } from './stand-ins/services.ts'
import { postgres } from './stand-ins/postgres.ts'
import { web } from './stand-ins/web.ts'

const rows = [connections, jobs, names, postgres, mqtt, redis, ssh, web].flatMap((each) => Object.keys(each))

describe('docs/checks.md', () => {
  it('has examples, each with a name that no other has', () => {
    const all = examples.map(({ name }) => name)
    expect(all.length).toBeGreaterThan(25)
    expect([...new Set(all)]).toEqual(all)
  })

  it.each(examples)('$name has something that stands in for its server, in stand-ins/', ({ name }) => {
    expect(rows).toContain(name)
  })
})
