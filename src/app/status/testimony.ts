import type { Testimony } from '../../alerts/evidence/witnesses.ts'
import { findTarget, type Config } from '../../config/config.ts'
import type { SharedProbes } from '../../exporter/shared-probes.ts'
import type { SeenCalls } from '../../web/status/calls.ts'
import { changeBefore } from '../../web/status/marks.ts'
import type { Recording } from '../recording/recording.ts'
import type { Routes } from './routes.ts'
import type { SharedTraits } from './traits.ts'
import type { Vendors } from './vendors.ts'

export interface TestimonySources {
  readonly config: () => Pick<Config, 'target' | 'targets' | 'listed' | 'callTargets'>
  readonly last: Pick<SharedProbes, 'last'>
  readonly calls: Pick<SeenCalls, 'of'>
  readonly vendors: Pick<Vendors, 'says'>
  readonly traits: Pick<SharedTraits, 'of'>
  readonly routes: Pick<Routes, 'of'>
  /** Absent where nothing is stored. */
  readonly recording: Pick<Recording, 'marks'> | undefined
}

/** What this process knows of a target that fails since a moment; undefined where it has no such target. */
export type TestimonyOf = (name: string, since: Date) => Promise<Testimony | undefined>

/** Asks checks, calls, the vendor, and what has changed. */
export function testimonyOf({
  config,
  last,
  calls,
  vendors,
  traits,
  routes,
  recording,
}: TestimonySources): TestimonyOf {
  return async (name, since) => {
    const checked = findTarget(config(), name)
    const called = config().callTargets.find((one) => one.name === name)
    const target = checked ?? called
    if (!target) return undefined
    const result = checked && last.last(checked)?.result
    const vendor = target.labels.vendor === undefined ? undefined : vendors.says(target.labels.vendor)
    const { recent } = calls.of(target)
    const shared = traits.of(target.name)
    const route = routes.of(target.name)
    const after = changeBefore((await recording?.marks.recent()) ?? [], target, since)
    return {
      ...(result && { succeeded: result.success }),
      ...(called && {
        calls: { calls: recent.calls, errors: recent.errors, maxErrorRatio: called.expect.maxErrorRatio },
      }),
      ...(vendor && { vendor: { name: vendor.name, state: vendor.state } }),
      ...(after && { after }),
      ...(shared !== undefined && { shared }),
      ...(route && { route: route.words }),
    }
  }
}
