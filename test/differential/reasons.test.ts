import { describe, expect, it } from 'vitest'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { root } from '../../scripts/stack/shipped-files.ts'
import { reasons, type Reason } from './reasons.ts'
import { dnsFamily } from './rows/dns.ts'
import { grpcFamily } from './rows/grpc.ts'
import { httpFamily } from './rows/http.ts'
import { icmpFamily } from './rows/icmp.ts'
import { tcpFamily } from './rows/tcp.ts'
import { tlsFamily } from './rows/tls.ts'
import { unixFamily } from './rows/unix.ts'

const families = [httpFamily, tlsFamily, tcpFamily, dnsFamily, grpcFamily, icmpFamily, unixFamily]
const used = families.flatMap(({ rows }) =>
  rows.flatMap(({ differs = {} }) => Object.keys(differs)),
) as Reason[]

describe('the differences to blackbox_exporter', () => {
  it.each(Object.values(reasons))('stand in docs/migrate.md: %s', async (words) => {
    const text = await readFile(join(root, 'docs/migrate.md'), 'utf8')
    expect(text).toContain(`| ${words} |`)
  })

  it('are all seen', () => {
    expect([...new Set(used)].sort()).toEqual(Object.keys(reasons).sort())
  })

  it('are found among enough behaviours', () => {
    const behaviours = families.map(({ rows }) => rows.length)
    expect(behaviours.reduce((sum, rows) => sum + rows)).toBeGreaterThan(170)
  })
})
