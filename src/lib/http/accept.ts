/** One thing that a client accepts, as a header such as Accept lists it. */
export interface Accepted {
  /** In lower case. */
  readonly name: string
  readonly parameters: ReadonlyMap<string, string>
  /** How much it is wanted: 0 is not at all, 1 the most. */
  readonly weight: number
}

/** What a header such as Accept or Accept-Encoding lists: RFC 9110, section 12.4.2. */
export function acceptedIn(header = ''): Accepted[] {
  return header.split(',').map((item) => {
    const [name = '', ...rest] = item.split(';').map((part) => part.trim().toLowerCase())
    const parameters = new Map(
      rest.map((part): [string, string] => {
        const [key = '', value = ''] = part.split('=', 2)
        return [key.trim(), value.trim().replaceAll('"', '')]
      }),
    )
    const weight = Number(parameters.get('q') ?? 1)
    return { name, parameters, weight: weight >= 0 && weight <= 1 ? weight : 0 }
  })
}

/** Whether an answer may be compressed with gzip. @param header Accept-Encoding. */
export function acceptsGzip(header: string | undefined): boolean {
  const accepted = acceptedIn(header)
  const named = accepted.find(({ name }) => name === 'gzip') ?? accepted.find(({ name }) => name === '*')
  return (named?.weight ?? 0) > 0
}
