import {
  allowInsecureRequests,
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  discovery,
  enableNonRepudiationChecks,
  fetchUserInfo,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type Configuration,
} from 'openid-client'
import type { OidcSettings } from '../web-config/web-config.ts'
import { personOf, type KnownPerson } from './person.ts'

/** What has to be known again when somebody comes back from the provider. */
export interface Flow {
  readonly state: string
  readonly nonce: string
  /** Of PKCE. */
  readonly verifier: string
  readonly redirectUrl: string
}

/** Seconds that the provider may take for each of its answers. */
const timeoutSeconds = 10

/** Asks the provider what it can do. */
export type Discover = (settings: OidcSettings) => Promise<Configuration>

/** Makes what asks the provider once; a failure is forgotten. */
export function createDiscover(): Discover {
  let known: { readonly key: string; readonly configuration: Promise<Configuration> } | undefined
  return ({ issuer, clientId, clientSecret }) => {
    const key = JSON.stringify([issuer, clientId, clientSecret])
    if (known?.key === key) return known.configuration
    // Where the configuration is read, only a provider on this machine may go without TLS.
    // oxlint-disable-next-line typescript/no-deprecated -- It is marked so that it stands out, not because it ends.
    const insecure = issuer.protocol === 'http:' ? [allowInsecureRequests] : []
    const configuration = discovery(issuer, clientId, clientSecret, undefined, {
      execute: [enableNonRepudiationChecks, ...insecure],
      timeout: timeoutSeconds,
    })
    known = { key, configuration }
    configuration.catch(() => {
      if (known?.key === key) known = undefined
    })
    return configuration
  }
}

/** Begins a login: where to send somebody, and what to remember until they come back. */
export async function beginFlow(
  configuration: Configuration,
  settings: OidcSettings,
  redirectUrl: string,
): Promise<{ readonly url: URL; readonly flow: Flow }> {
  const flow = { state: randomState(), nonce: randomNonce(), verifier: randomPKCECodeVerifier(), redirectUrl }
  const url = buildAuthorizationUrl(configuration, {
    redirect_uri: redirectUrl,
    scope: settings.requestScopes,
    state: flow.state,
    nonce: flow.nonce,
    code_challenge: await calculatePKCECodeChallenge(flow.verifier),
    code_challenge_method: 'S256',
  })
  return { url, flow }
}

/**
 * Ends a login: exchanges the code that somebody brings for who they are.
 *
 * @param came `search` is the query with which they came back.
 * @throws Whatever is wrong with it, or with what the provider says.
 */
export async function endFlow(
  configuration: Configuration,
  settings: OidcSettings,
  came: { readonly flow: Flow; readonly search: string },
): Promise<KnownPerson> {
  const { flow, search } = came
  const url = new URL(flow.redirectUrl)
  url.search = search
  const tokens = await authorizationCodeGrant(configuration, url, {
    pkceCodeVerifier: flow.verifier,
    expectedState: flow.state,
    expectedNonce: flow.nonce,
    idTokenExpected: true,
  })
  // There is an ID token: it is expected.
  const claims: Readonly<Record<string, unknown>> & { readonly sub: string } = tokens.claims() ?? { sub: '' }
  const more =
    claims[settings.groupsClaim] === undefined &&
    configuration.serverMetadata().userinfo_endpoint !== undefined
      ? await fetchUserInfo(configuration, tokens.access_token, claims.sub)
      : {}
  return personOf({ ...more, ...claims }, settings.groupsClaim)
}
