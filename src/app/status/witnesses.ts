import type { Config } from '../../config/config.ts'
import { createTracer } from '../../alerts/evidence/route/trace.ts'
import type { KnownOfFailing } from '../../web/status/failing.ts'
import { watchRoutes } from './routes.ts'
import { testimonyOf, type TestimonyOf, type TestimonySources } from './testimony.ts'
import { watchTraits, type SharedTraits } from './traits.ts'
import { startVendors, type Vendors, type VendorsOptions } from './vendors.ts'

export interface WitnessesOptions
  extends
    Omit<VendorsOptions, 'config' | 'recording'>,
    Omit<TestimonySources, 'vendors' | 'config' | 'traits' | 'routes'> {
  readonly config: () => Config
  readonly recording: (VendorsOptions['recording'] & TestimonySources['recording']) | undefined
  /** For the PATH of programs. */
  readonly env: NodeJS.ProcessEnv
}

/** What vendors say, what targets share that fail, how far the way to them leads, and what all witnesses together know of one. */
export interface Witnesses extends Vendors, Pick<SharedTraits, 'observe'> {
  readonly failing: (name: string) => KnownOfFailing
  readonly testimony: TestimonyOf
}

/** Begins to ask vendors. */
export function startWitnesses({ config, ...options }: WitnessesOptions): Witnesses {
  const vendors = startVendors({ ...options, config: config() })
  const traits = watchTraits(options)
  const routes = watchRoutes(createTracer(options), options.log)
  return {
    ...vendors,
    configChanged(changed) {
      vendors.configChanged(changed)
      traits.retain(changed.targets)
      routes.retain(changed.targets)
    },
    observe(target, result) {
      traits.observe(target, result)
      routes.observe(target, result)
    },
    failing: (name) => ({ shared: traits.of(name), route: routes.of(name) }),
    testimony: testimonyOf({ ...options, config, vendors, traits, routes }),
    async stop() {
      await Promise.all([vendors.stop(), routes.stop()])
    },
  }
}
