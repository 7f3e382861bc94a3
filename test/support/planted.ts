/** Every form in which one of them may be seen. Written here a second time on purpose, from the standards. */
function formsOf(secret: string): string[] {
  const bytes = Buffer.from(secret)
  const base64 = ['', '-', '--'].map((before) => {
    const encoded = Buffer.concat([Buffer.from(before), bytes]).toString('base64url')
    return encoded.slice(before.length === 0 ? 0 : before.length + 1, -3)
  })
  const json = JSON.stringify(secret).slice(1, -1)
  const html = secret
    .replace(/&/g, '&amp;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;')
    .replace(/"/g, '&quot;')
  const url = encodeURIComponent(secret)
  return [secret, json, html, url, url.toLowerCase(), ...base64]
}

/** Where a secret that was planted is to be seen, in whatever form. */
export function placesOf(secret: string, outputs: ReadonlyMap<string, string>): string[] {
  const forms = formsOf(secret)
  return [...outputs].flatMap(([place, text]) => {
    const asBase64url = text.replaceAll('+', '-').replaceAll('/', '_')
    return forms
      .filter((form) => asBase64url.includes(form) || text.includes(form))
      .map((form) => `${place}: ${form}`)
  })
}
