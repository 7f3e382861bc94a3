import type { Fields } from '../shared/fields.ts'
import { referHeader } from '../shared/headers.ts'
import type { Translation } from '../shared/translation.ts'

/** What a scheme of a URL becomes. */
export interface Scheme {
  readonly kind: string
  readonly translate: (rest: string, endpoint: Fields, translation: Translation) => void
}

/** A request over HTTP. */
export const web: Scheme = {
  kind: 'url',
  translate: (_rest, endpoint, translation) => {
    translation.refer(['url'], endpoint.text('url') ?? '', endpoint.at('url'))
    const body = endpoint.text('body')
    const isGraphql = endpoint.take('graphql') === true
    const method = endpoint.text('method')
    if (method !== undefined) translation.set(['method'], method, endpoint.at('method'))
    const headers = endpoint.below('headers')
    for (const name of headers.keys)
      referHeader(translation, name, headers.text(name) ?? '', headers.at(name))
    if (body === undefined) return
    translation.refer(['body'], isGraphql ? JSON.stringify({ query: body }) : body, endpoint.at('body'))
    if (isGraphql && !headers.keys.some((name) => name.toLowerCase() === 'content-type'))
      translation.set(['headers', 'Content-Type'], 'application/json', endpoint.at('graphql'))
  },
}
