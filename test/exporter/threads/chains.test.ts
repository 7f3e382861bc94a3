import { expect, it } from 'vitest'
import { ChainReceiver, ChainSender } from '../../../src/exporter/threads/chains.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { certificate, succeeded } from '../../support/example.ts'

function resultWith(chain: NonNullable<ProbeResult['tls']>['chain']): ProbeResult {
  return { ...succeeded, tls: { chain, verified: true, earliestExpiry: 1 } }
}

const sender = new ChainSender()
const receiver = new ChainReceiver()
const arrived = (result: ProbeResult): ProbeResult => receiver.together(structuredClone(sender.apart(result)))

it('sends a chain once', () => {
  const chain = [certificate]
  expect(sender.apart(resultWith(chain)).chain).toEqual({ id: 0, certificates: chain })
  expect(sender.apart(resultWith(chain)).chain).toEqual({ id: 0 })
})

it('puts together what it takes apart, however many chains there are', () => {
  const chains = Array.from({ length: 25_000 }, (_none, index) => [
    { ...certificate, subject: `CN=${index}` },
  ])
  for (const chain of [...chains, ...chains.slice(-5000)])
    expect(arrived(resultWith(chain)).tls?.chain[0]?.subject).toBe(chain[0]?.subject)
})

it('leaves alone what has no chain', () => {
  expect(arrived(succeeded)).toEqual(succeeded)
  expect(arrived(resultWith([]))).toEqual(resultWith([]))
})
