import type { Config } from '../../config/config.ts'
import { testimonyOf, type TestimonyOf, type TestimonySources } from './testimony.ts'
import { watchTraits, type SharedTraits } from './traits.ts'
import { startVendors, type Vendors, type VendorsOptions } from './vendors.ts'

export interface WitnessesOptions
  extends
    Omit<VendorsOptions, 'config' | 'recording'>,
    Omit<TestimonySources, 'vendors' | 'config' | 'traits'> {
  readonly config: () => Config
  readonly recording: (VendorsOptions['recording'] & TestimonySources['recording']) | undefined
}

/** What vendors say, what targets share that fail, and what all witnesses together know of one. */
export interface Witnesses extends Vendors, Pick<SharedTraits, 'observe'> {
  readonly shared: SharedTraits['of']
  readonly testimony: TestimonyOf
}

/** Begins to ask vendors. */
export function startWitnesses({ config, ...options }: WitnessesOptions): Witnesses {
  const vendors = startVendors({ ...options, config: config() })
  const traits = watchTraits(options)
  return {
    ...vendors,
    configChanged(changed) {
      vendors.configChanged(changed)
      traits.retain(changed.targets)
    },
    observe: traits.observe,
    shared: traits.of,
    testimony: testimonyOf({ ...options, config, vendors, traits }),
  }
}
