import type { Pattern } from '../settings/values/pattern.ts'
import type { VendorStatusSource } from './document/vendor-status.ts'
import type { Discovered } from './load/discovered.ts'
import type { OriginOf, PlaceOf } from './load/origins.ts'
import type { PublicPage } from './public-page.ts'
import type { CallTarget } from './target/calls.ts'
import type { Target } from './target/target.ts'

/** What a vendor promises. */
export interface Vendor {
  readonly name: string
  /** 0 to 1: the availability that was promised. */
  readonly sla?: number
  /** Whether time in maintenance counts neither as up nor as down. Default: it counts as it was. */
  readonly slaExcludesMaintenance?: boolean
  /** Where the vendor publishes its own state. */
  readonly url?: string
  /** Where it publishes its own state for machines. */
  readonly status?: VendorStatusSource
}

/** Which URLs may be probed that are not configured. Empty: none. */
export interface AdHocProbes {
  readonly allow: readonly Pattern[]
  /** CIDRs that may be reached though they are private, loopback, link-local or metadata addresses. */
  readonly allowNetworks: readonly string[]
}

/** A whole configuration: validated, expanded and resolved. It never changes; a reload makes a new one. */
export interface Config {
  /** What is probed, in file order. */
  readonly targets: readonly Target[]
  /** These and the ones that are paused, in file order. Default: none is paused. */
  readonly listed?: readonly Target[]
  /** What the calls of programs are judged by, probed or not: in file order, then those of expectation files. */
  readonly callTargets: readonly CallTarget[]
  /** One of those that are probed or paused. */
  readonly target: (name: string) => Target | undefined
  readonly vendors: ReadonlyMap<string, Vendor>
  readonly probe: AdHocProbes
  /** The pages that anybody may see. Default: there are none. */
  readonly publicPages?: readonly PublicPage[]
  /** In file order. */
  readonly moduleNames: readonly string[]
  /** What is accepted in a file but means nothing, each with its place. Default: nothing. */
  readonly notices?: readonly string[]
  /** Modules of `modules_from` that cannot be used, and why. Default: none. */
  readonly unusableModules?: ReadonlyMap<string, string>
  /**
   * A target made on the spot for a URL that is not configured.
   *
   * @throws ProbityError `URL_INVALID` when the URL cannot be probed, `MODULE_UNKNOWN` when there is no such module,
   *   `MODULE_UNUSABLE` when it asks for what is not there.
   */
  readonly adHoc: (url: string, moduleName: string | undefined) => Target
  /** What came of each entry of `targets_from:`, whose targets are among the others. Default: there is none. */
  readonly discovered?: readonly Discovered[]
  /** Present where it was asked for. */
  readonly originOf?: OriginOf
  /** Present where the origins were asked for. */
  readonly placeOf?: PlaceOf
  /** Every file that was read, for watching. */
  readonly files: readonly string[]
  /** The URLs of documents that it was made of, or has to be made of once they are there. Default: there are none. */
  readonly documents?: readonly string[]
  /** What other files and documents say that it was made of, such as those of `modules_from`. Default: there are none. */
  readonly texts?: readonly string[]
}

/** The names of all targets that are watched: of those that are checked, then of those that are judged on calls alone. */
export function watchedNames({ targets, callTargets }: Pick<Config, 'targets' | 'callTargets'>): string[] {
  return [...targets, ...callTargets.filter(({ probed, paused }) => !probed && !paused)].map(
    ({ name }) => name,
  )
}

/** All targets that have a check, whether they are probed or paused, in file order. */
export function listedTargets({
  targets,
  listed = targets,
}: Pick<Config, 'targets' | 'listed'>): readonly Target[] {
  return listed
}

/** A target that has a check, by its name, or by one that it had before. */
export function findTarget(
  config: Pick<Config, 'target' | 'targets' | 'listed'>,
  name: string,
): Target | undefined {
  return config.target(name) ?? listedTargets(config).find(({ was }) => was?.includes(name))
}
