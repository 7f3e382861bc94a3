import type { RE2JS } from 're2js'

export type Auth =
  | { readonly type: 'basic'; readonly username: string; readonly password: string }
  | { readonly type: 'bearer'; readonly token: string }

/** A range of status codes, both ends included: `2xx` is 200 to 299. */
export interface StatusRange {
  readonly from: number
  readonly to: number
}

/** A regex of a config file, kept with the words it was written in. */
export interface Pattern {
  readonly source: string
  readonly regex: RE2JS
}

/** A value that a JSONPath must select at least once. */
export interface JsonRule {
  readonly path: string
  readonly select: (document: unknown) => unknown[]
  readonly equals: string | number | boolean | null
}

export interface BodyRules {
  readonly contains: readonly string[]
  readonly notContains: readonly string[]
  readonly matches: readonly Pattern[]
  readonly notMatches: readonly Pattern[]
}

/** What an HTTP answer must look like. */
export interface HttpExpectation {
  /** The code must be in one of these. */
  readonly status: readonly StatusRange[]
  /** Header name in lower case, and what its value must match. */
  readonly headers: readonly { readonly name: string; readonly pattern: Pattern }[]
  readonly json: readonly JsonRule[]
  readonly body: BodyRules
  /** Bytes of the body, after decompression, that are accepted. More is a failure with reason `size`. */
  readonly maxBody: number
}

export type IpProtocol = 'auto' | 'ip4' | 'ip6'

/** One HTTP request and what is expected of its answer. */
export interface HttpCheck {
  readonly kind: 'http'
  readonly url: URL
  readonly method: string
  /** As configured, `Host` included. */
  readonly headers: Readonly<Record<string, string>>
  readonly body?: string
  readonly auth?: Auth
  readonly followRedirects: boolean
  /** The address family to prefer. */
  readonly ipProtocol: IpProtocol
  /** Whether the other family is tried where the preferred one has no address. */
  readonly ipProtocolFallback: boolean
  readonly tls: { readonly verify: boolean }
  readonly expect: HttpExpectation
}
