import type { Vendor } from '../config.ts'
import type { FileDraft } from '../document/document.ts'
import { read, type Reading } from '../document/parts.ts'
import { vendorSchema } from '../document/schema.ts'
import type { Target } from '../target/target.ts'
import type { Once } from './unique-names.ts'

type Written = FileDraft['vendors'][number]

interface Surroundings {
  readonly once: Once
  /** What the modules of the library say of their vendors. */
  readonly library: readonly Written[]
  readonly targets: readonly Target[]
}

/**
 * The vendors of the files, and those of the library that a target belongs to. What a file says of a vendor is first in rank. What
 * is wrong is reported.
 */
export function readVendors(
  drafts: readonly FileDraft[],
  { once, library, targets }: Surroundings,
  reading: Reading,
): Map<string, Vendor> {
  const vendors = new Map<string, Vendor>()
  for (const { name, written } of drafts.flatMap((draft) => draft.vendors)) {
    const vendor = readVendor({ name, written }, reading)
    if (once(`vendor ${name}`, written.place, `vendor ${JSON.stringify(name)} is`)) vendors.set(name, vendor)
  }
  const used = new Set(targets.map(({ labels }) => labels['vendor']))
  for (const each of library) {
    const { name } = each
    if (used.has(name)) vendors.set(name, { ...readVendor(each, reading), ...vendors.get(name) })
  }
  return vendors
}

function readVendor({ name, written }: Written, reading: Reading): Vendor {
  const { value = {} } = read(vendorSchema, written.value, written.place, reading)
  const { sla, sla_excludes_maintenance: slaExcludesMaintenance, url, status } = value
  return {
    name,
    ...(sla !== undefined && { sla }),
    ...(slaExcludesMaintenance !== undefined && { slaExcludesMaintenance }),
    ...(url !== undefined && { url }),
    ...(status && { status }),
  }
}
