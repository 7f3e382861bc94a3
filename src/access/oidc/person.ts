/** Whom the provider knows. */
export interface KnownPerson {
  readonly user: string
  readonly groups: readonly string[]
}

/** Whom claims are about: the name that people know first, and the groups. */
export function personOf(
  claims: Readonly<Record<string, unknown>> & { readonly sub: string },
  groupsClaim: string,
): KnownPerson {
  const names = [claims['preferred_username'], claims['email'], claims.sub]
  return {
    user: names.find((name): name is string => typeof name === 'string' && name !== '') ?? claims.sub,
    groups: groupsIn(claims[groupsClaim]),
  }
}

function groupsIn(claim: unknown): string[] {
  return [claim].flat().filter((group): group is string => typeof group === 'string')
}
