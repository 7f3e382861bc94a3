import type { ShippedPackage } from '../build/third-party.ts'

/** Compatible with Apache-2.0, and none asks more than to keep its text. */
export const acceptedLicences: readonly string[] = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'ISC',
  'MIT',
  'MIT-0',
]

/** The packages whose licence is not in the list. */
export function refusedLicences(packages: readonly ShippedPackage[]): ShippedPackage[] {
  return packages.filter(({ licence }) => !acceptedLicences.includes(licence))
}
