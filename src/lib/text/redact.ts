/** Shorter values stand in too many harmless places to be replaced wherever they occur. */
const minLength = 4

/** Replaces every occurrence of the secrets, also as they stand in a URL or in JSON. */
export function redact(text: string, secrets: readonly string[]): string {
  return [...secrets]
    .flatMap((secret) => [
      secret,
      encodeURIComponent(secret.toWellFormed()),
      JSON.stringify(secret).slice(1, -1),
    ])
    .filter((secret) => secret.length >= minLength)
    .sort((a, b) => b.length - a.length)
    .reduce((shown, secret) => shown.replaceAll(secret, '<secret>'), text)
}
