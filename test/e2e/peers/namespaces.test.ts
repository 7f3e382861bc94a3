import { describe, expect, it } from 'vitest'
import { canMakeNamespaces, openNamespaces } from '../../../scripts/stack/namespaces.ts'
import { atEnd } from '../../support/at-end.ts'
import { proveAll } from '../../support/proof.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { waitFor } from '../../support/time/wait-for.ts'
import { startTown } from './town.ts'

const canRun = await canMakeNamespaces()

/** Milliseconds. */
const patience = 900_000

const targets = Array.from({ length: 10 }, (_, n) => `shop-${n}`)

/**
 * The real program, in two network namespaces that reach each other through a third one. Targets and receivers are reached another
 * way. A long proof: it takes root on Linux, because only root may make namespaces.
 */
describe.runIf(proveAll && canRun)('two solos whose network is cut', () => {
  it(
    'both send and say so; once it is mended, one of them sends, and nothing is sent twice',
    async () => {
      const space = await openNamespaces({ places: 2, failing: await tempFolder() })
      atEnd(space.stop)
      const { got, down, times, roles, first, second } = await startTown(targets, { space })
      await roles()
      await space.places[1]!.cut()
      await waitFor(
        'both to be alone',
        async () => {
          const both = await Promise.all([first.role(), second.role()])
          return both.every((role) => role === 'alone')
        },
        patience,
      )
      for (const target of targets) down.add(target)
      await waitFor(
        'all beginnings, twice',
        () => targets.every((target) => times('pair', target, 'firing') === 2),
        patience,
      )
      const beginnings = got.filter(
        ({ alertname, status }) => alertname === 'TargetDown' && status === 'firing',
      )
      expect(beginnings).toHaveLength(2 * targets.length)
      for (const { remark } of beginnings)
        expect(remark).toMatch(/cannot be reached: it may have sent this too$/)
      await waitFor(
        'PeerDown, by both',
        () => got.filter(({ alertname }) => alertname === 'PeerDown').length === 2,
        patience,
      )

      await space.places[1]!.mend()
      await roles()
      down.clear()
      await waitFor(
        'all ends',
        () => targets.every((target) => times('pair', target, 'resolved') > 0),
        patience,
      )
      await waitFor(
        'the ends of PeerDown',
        () =>
          got.filter(({ alertname, status }) => alertname === 'PeerDown' && status === 'resolved').length >=
          2,
        patience,
      )
      // Nothing was on its way when the network was mended.
      expect(targets.map((target) => times('pair', target, 'resolved'))).toEqual(targets.map(() => 1))
      expect(got.filter(({ status }) => status === 'resolved').map(({ remark }) => remark)).toEqual(
        Array.from({ length: targets.length + 2 }, () => undefined),
      )
    },
    patience * 2,
  )
})

if (!canRun)
  describe('two solos whose network is cut', () => {
    it.skip('needs root on Linux, which may make network namespaces', () => undefined)
  })
