import { hasExpansion } from '../../settings/secrets.ts'
import type { Fields } from '../shared/fields.ts'
import type { Translation } from '../shared/translation.ts'

type Translate = (rest: string, endpoint: Fields, translation: Translation) => void

const hostOf = (rest: string): string => rest.replace(/\/.*$/, '')

/** A port, to which the body is sent as it is. */
export const translateTcp: Translate = (rest, endpoint, translation) => {
  translation.refer(['tcp'], hostOf(rest), endpoint.at('url'))
  const body = endpoint.text('body') ?? ''
  if (body === '') return
  if (hasExpansion(body))
    translation.lose(endpoint.at('body'), 'has a variable: write dialogue: with send_bytes')
  else {
    const bytes = Buffer.from(body.replaceAll('$${', '${')).toString('hex').replaceAll(/../g, '$& ').trim()
    translation.set(['dialogue', '0', 'send_bytes'], bytes, endpoint.at('body'))
  }
}

/** A datagram with the body. */
export const translateUdp: Translate = (rest, endpoint, translation) => {
  translation.refer(['udp'], hostOf(rest), endpoint.at('url'))
  translation.refer(['send'], endpoint.text('body') ?? '', endpoint.at('body'))
}

/** A server whose greeting is read. */
export const translateSsh: Translate = (rest, endpoint, translation) => {
  translation.refer(['ssh'], hostOf(rest), endpoint.at('url'))
  const login = endpoint.below('ssh')
  const hasLogin = ['username', 'password', 'private-key'].some((key) => (login.text(key) ?? '') !== '')
  if (hasLogin || endpoint.text('body') !== undefined)
    translation.lose(endpoint.at('ssh'), 'there is no login: only what the server says before it is checked')
}
