/** What a server asks for, as one of the challenges of `WWW-Authenticate`. Names are in lower case. */
export interface Challenge {
  readonly scheme: string
  readonly params: Readonly<Record<string, string>>
}

/** Characters of all challenges that are read. */
const maxLength = 16 * 1024

const token = "[!#$%&'*+.^_`|~0-9A-Za-z-]+"
const separator = /[\s,]*/y
const param = new RegExp(`(${token})\\s*=\\s*(?:"((?:[^"\\\\]|\\\\.)*)"|(${token}))`, 'y')
const scheme = new RegExp(`(${token})(?=[\\s,]|$)`, 'y')
/** The credentials of schemes such as Negotiate, which are not parameters. */
const token68 = /[0-9A-Za-z._~+/-]+=*(?=\s*(?:,|$))/y

/** Reads challenges (RFC 9110, section 11.6.1) up to the first that cannot be read. */
export function parseChallenges(headers: readonly string[]): Challenge[] {
  const text = headers.join(', ').slice(0, maxLength)
  const challenges: { scheme: string; params: Record<string, string> }[] = []
  let at = 0
  const read = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at
    const found = pattern.exec(text)
    if (found) at = pattern.lastIndex
    return found
  }
  for (;;) {
    read(separator)
    const last = challenges.at(-1)
    const found = last && read(param)
    if (found) {
      const [, name = '', quoted, plain = ''] = found
      last.params[name.toLowerCase()] ??= quoted?.replaceAll(/\\(.)/gs, '$1') ?? plain
      continue
    }
    const [, name] = read(scheme) ?? []
    if (name !== undefined) {
      // Without a prototype: `__proto__` is a name like any other.
      challenges.push({ scheme: name.toLowerCase(), params: Object.create(null) as Record<string, string> })
    } else if (!read(token68)) return challenges
  }
}
