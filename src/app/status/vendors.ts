import type { Registry } from 'prom-client'
import { createFetchDocument } from '../../checks/http/document.ts'
import type { Config } from '../../config/config.ts'
import { addressGuard } from '../../exporter/address-guard.ts'
import type { Clock } from '../../lib/time/clock.ts'
import type { Logger } from '../../lib/logger.ts'
import type { Timers } from '../../lib/time/timers.ts'
import { vendorMetrics } from '../../vendors/metrics.ts'
import { watchVendors } from '../../vendors/watch.ts'
import type { VendorSaid } from '../../web/status/vendor.ts'
import type { Recording } from '../recording/recording.ts'

export interface VendorsOptions {
  readonly config: Config
  readonly registry: Registry
  /** Absent where results are not stored. */
  readonly recording: Pick<Recording, 'vendorSaid'> | undefined
  /** Where `proxy: env` looks. */
  readonly env: NodeJS.ProcessEnv
  readonly clock: Clock
  readonly timers: Timers
  readonly log: Logger
}

/** What vendors say of themselves, read every minute. */
export interface Vendors {
  /** Undefined where a vendor has no `status`. */
  readonly says: (vendor: string) => VendorSaid | undefined
  readonly configChanged: (config: Config) => void
  readonly stop: () => Promise<void>
}

/** Starts to read what vendors say of themselves. No address that is private is reached by their redirects. */
export function startVendors(options: VendorsOptions): Vendors {
  const { config, registry, recording, env, clock, timers, log } = options
  const watch = watchVendors({
    fetch: createFetchDocument({ clock, env }),
    allowAddress: addressGuard([]),
    onChange: (vendor, state, at) => recording?.vendorSaid(vendor, { state, at }),
    clock,
    timers,
    log,
  })
  vendorMetrics(registry, watch.readings)
  watch.setVendors(config.vendors)
  return {
    says(vendor) {
      const reading = watch.of(vendor)
      if (!reading) return undefined
      const { says, readAt } = reading
      const [worst] = says?.incidents ?? []
      return {
        name: vendor,
        state: says?.state ?? 'unknown',
        ...(worst && says?.state !== 'operational' && { title: worst.title }),
        ...(readAt && { readAt }),
      }
    },
    configChanged: ({ vendors }) => {
      watch.setVendors(vendors)
    },
    stop() {
      watch.stop()
      return Promise.resolve()
    },
  }
}
