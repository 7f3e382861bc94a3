import type { Config } from '../../config/config.ts'
import { testimonyOf, type TestimonyOf, type TestimonySources } from './testimony.ts'
import { startVendors, type Vendors, type VendorsOptions } from './vendors.ts'

export interface WitnessesOptions
  extends Omit<VendorsOptions, 'config' | 'recording'>, Omit<TestimonySources, 'vendors' | 'config'> {
  readonly config: () => Config
  readonly recording: (VendorsOptions['recording'] & TestimonySources['recording']) | undefined
}

/** What vendors say, and what all witnesses together know of a target. */
export interface Witnesses extends Vendors {
  readonly testimony: TestimonyOf
}

/** Begins to ask vendors. */
export function startWitnesses({ config, ...options }: WitnessesOptions): Witnesses {
  const vendors = startVendors({ ...options, config: config() })
  return { ...vendors, testimony: testimonyOf({ ...options, config, vendors }) }
}
