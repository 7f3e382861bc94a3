/**
 * What a thrown value is called: its code (`ECONNRESET`), else its name (`TypeError`), else its class, else its type. Never its
 * message, which may hold private data. Does not throw, even where the getters of the value do.
 */
export function errorName(thrown: unknown): string {
  try {
    if (typeof thrown === 'object' && thrown !== null) {
      const { code, name } = thrown as { code?: unknown; name?: unknown }
      if (typeof code === 'string' && code !== '') return code
      // Many SDKs derive from Error without a name: APIUserAbortError of OpenAI calls itself "Error".
      if (name === 'Error') return thrown.constructor.name || name
      if (typeof name === 'string' && name !== '') return name
    }
  } catch {
    // A getter threw. Its type is still known.
  }
  return thrown === null ? 'null' : typeof thrown
}
