import { moreVersions } from './tools.ts'

/** Debian's, and those that PROBITY_PROMETHEUS names. */
export const prometheuses = ['prometheus', ...moreVersions('PROBITY_PROMETHEUS')]
