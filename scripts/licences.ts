import { shippedPackages } from './build/third-party.ts'
import { acceptedLicences, refusedLicences } from './release/licences.ts'
import { root } from './stack/shipped-files.ts'

/** `npm run licences`: the packages of others that an installation contains, and their licences. Fails if one is not accepted. */
const packages = await shippedPackages(root)
for (const { name, version, licence } of packages) console.log(`${licence.padEnd(14)}${name} ${version}`)
for (const { name, licence } of refusedLicences(packages)) {
  console.error(`${name}: the licence ${licence} is not one of ${acceptedLicences.join(', ')}`)
  process.exitCode = 1
}
