import { describe, expect, it } from 'vitest'
import { waitFor } from '../../support/time/wait-for.ts'
import { startTown } from './town.ts'

/** Milliseconds. Nothing here takes a fraction of it on a quiet machine. */
const patience = 600_000

/** The real program. The cases are independent, and mostly wait. */
describe.concurrent('two solos that watch each other', () => {
  it(
    'send once; and one that was frozen does not send what the other one has sent meanwhile',
    async () => {
      const { got, down, times, roles } = await startTown(['shop', 'pay'])
      const { leader, other } = await roles()
      down.add('shop')
      await waitFor('the beginning', () => times('pair', 'shop', 'firing') === 1)
      leader.signal('SIGSTOP')
      down.add('pay')
      await waitFor('the beginning by the other one', () => times('pair', 'pay', 'firing') === 1)
      expect(await other.role()).toBe('alone')
      leader.signal('SIGCONT')
      expect((await roles()).leader).toBe(leader)
      down.clear()
      await waitFor(
        'both ends',
        () => got.filter(({ status, target }) => target !== '' && status === 'resolved').length >= 2,
      )
      await waitFor('the end of PeerDown, if it began', () => {
        const peerDown = got.filter(({ alertname }) => alertname === 'PeerDown')
        return peerDown.length % 2 === 0
      })
      const told = got
        .filter(({ alertname }) => alertname === 'TargetDown')
        .map(({ target, status }) => `${target} ${status}`)
      const expected = ['pay firing', 'pay resolved', 'shop firing', 'shop resolved']
      // It may have been frozen before it said that the first had arrived: docs/high-availability.md allows that one twice.
      const doubled = told.filter((one, at) => told.indexOf(one) !== at)
      expect(told.filter((one, at) => told.indexOf(one) === at).sort()).toEqual(expected)
      expect([[], ['shop firing']]).toContainEqual(doubled)
    },
    patience,
  )

  it(
    'both send while they cannot reach each other, and say so; then one of them again',
    async () => {
      const { got, down, times, roles, wires, first, second } = await startTown(['shop'])
      await roles()
      for (const wire of wires) wire.cut()
      await waitFor('both to be alone', async () => {
        const both = await Promise.all([first.role(), second.role()])
        return both.every((role) => role === 'alone')
      })
      down.add('shop')
      await waitFor('the beginning, twice', () => times('pair', 'shop', 'firing') === 2)
      for (const { remark } of got.filter(({ target }) => target === 'shop'))
        expect(remark).toMatch(/^the peer 127\.0\.0\.1:\d+ cannot be reached: it may have sent this too$/)
      await waitFor(
        'PeerDown, by both',
        () => got.filter(({ alertname }) => alertname === 'PeerDown').length === 2,
      )
      for (const wire of wires) wire.mend()
      await roles()
      down.clear()
      await waitFor('the end', () => times('pair', 'shop', 'resolved') > 0)
      await waitFor(
        'the ends of PeerDown',
        () =>
          got.filter(({ alertname, status }) => alertname === 'PeerDown' && status === 'resolved').length >=
          2,
      )
      expect(times('pair', 'shop', 'resolved')).toBe(1)
      expect(got.filter(({ status }) => status === 'resolved').map(({ remark }) => remark)).toEqual([
        undefined,
        undefined,
        undefined,
      ])
    },
    patience,
  )
})
