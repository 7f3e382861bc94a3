import type { Fields } from '../shared/fields.ts'
import type { Translation } from '../shared/translation.ts'
import { isOn } from './kuma-file.ts'
import { translateAuth, translateHeaders, translateUrl } from './request.ts'
import type { Surroundings } from './surroundings.ts'

/** The code with which the connection is closed where all is well. */
const normal = '1000'

/** Translates a monitor that upgrades a connection to WebSocket. */
export function translateWebsocket(
  monitor: Fields,
  translation: Translation,
  surroundings: Surroundings,
): void {
  translateUrl('websocket', monitor, translation, surroundings)
  const protocols = (monitor.text('wsSubprotocol') ?? '').split(',').map((one) => one.trim())
  const offered = protocols.filter((one) => one !== '')
  if (offered.length > 0) translation.set(['subprotocols'], offered, monitor.at('wsSubprotocol'))
  translateHeaders(monitor, translation, surroundings)
  translateAuth(monitor, translation, surroundings)
  if (isOn(monitor, 'ignoreTls')) translation.set(['tls', 'verify'], false, monitor.at('ignoreTls'))
  const codes = monitor.list('accepted_statuscodes').map(String)
  if (!codes.includes(normal))
    translation.lose(
      monitor.at('accepted_statuscodes'),
      'the code of the end is not compared: the upgrade has to succeed',
    )
}
