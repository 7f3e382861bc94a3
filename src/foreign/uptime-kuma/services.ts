import { formatAddress } from '../../net/address.ts'
import { quoteRegex } from '../shared/regex.ts'
import type { Fields } from '../shared/fields.ts'
import type { Translation } from '../shared/translation.ts'
import { isOff, isOn } from './kuma-file.ts'
import type { Surroundings } from './surroundings.ts'

type Translate = (monitor: Fields, translation: Translation, surroundings: Surroundings) => void

const addressOf = (monitor: Fields): string =>
  formatAddress({ host: monitor.text('hostname') ?? '', port: Number(monitor.text('port') ?? 0) })

/** A port, and its certificate where that is looked at. */
export const translatePort: Translate = (monitor, translation) => {
  translation.set(['tcp'], addressOf(monitor), monitor.at('hostname'))
  const security = monitor.text('smtpSecurity')
  const at = monitor.at('smtpSecurity')
  if (!isOff(monitor, 'expiryNotification') && security === 'secure') translation.set(['use_tls'], true, at)
  if (!isOff(monitor, 'expiryNotification') && security === 'starttls') {
    translation.set(['starttls'], 'smtp', at)
    translation.note(
      at,
      'asks for TLS as a mail client does: write starttls: xmpp, imap or pop3 if it is another server',
    )
  }
  const alert = monitor.text('expectedTlsAlert') ?? 'none'
  if (alert !== 'none' && alert !== '')
    translation.lose(monitor.at('expectedTlsAlert'), 'that TLS is refused cannot be expected')
}

/** A mail server, whose greeting is read. */
export const translateMail: Translate = (monitor, translation) => {
  translation.set(['tcp'], addressOf(monitor), monitor.at('hostname'))
  const security = monitor.text('smtpSecurity')
  if (security === 'starttls') translation.set(['starttls'], 'smtp', monitor.at('smtpSecurity'))
  else translation.set(['dialogue'], [{ expect: '^220[ -]' }], monitor.at('hostname'))
  if (security === 'secure') translation.set(['use_tls'], true, monitor.at('smtpSecurity'))
}

export const translateRedis: Translate = (monitor, translation, { secrets }) => {
  const key = 'databaseConnectionString'
  const url = monitor.text(key) ?? ''
  translation.refer(
    ['redis'],
    secrets.keepInUrl(url.replace(/[?#].*$/s, ''), monitor.text('id') ?? '', key),
    monitor.at(key),
  )
  if (isOn(monitor, 'ignoreTls') && url.startsWith('rediss:'))
    translation.set(['tls', 'verify'], false, monitor.at('ignoreTls'))
}

/** PostgreSQL, MySQL and MariaDB: the scheme of the address says which. */
export const translateSql: Translate = (monitor, translation, { secrets }) => {
  const key = 'databaseConnectionString'
  const [, address = '', parameters = ''] = /^([^?#]*)\??([^#]*)/.exec(monitor.text(key) ?? '') ?? []
  translation.refer(['sql'], secrets.keepInUrl(address, monitor.text('id') ?? '', key), monitor.at(key))
  const query = (monitor.text('databaseQuery') ?? '').trim()
  if (query !== '') translation.set(['query'], query, monitor.at('databaseQuery'))
  if (query !== '' && !/^(?:select|values|table|with)\b/i.test(query))
    translation.lose(monitor.at('databaseQuery'), 'a query can only read: write one that begins with select')
  const mode = new URLSearchParams(parameters)
  const ssl = mode.get('sslmode') ?? (mode.get('ssl') === 'true' ? 'require' : 'disable')
  if (ssl === 'disable') return
  translation.set(['sql_tls'], true, monitor.at(key))
  if (ssl === 'no-verify') translation.set(['tls', 'verify'], false, monitor.at(key))
}

/** A broker, and the newest message of a topic. */
export const translateMqtt: Translate = (monitor, translation, { secrets }) => {
  const [, scheme = 'mqtt', host = ''] = /^(?:(\w+):\/\/)?(.*)$/.exec(monitor.text('hostname') ?? '') ?? []
  if (!['mqtt', 'mqtts'].includes(scheme))
    translation.lose(
      monitor.at('hostname'),
      `${scheme} is not supported: the broker is asked without WebSocket`,
    )
  const [user = '', password = ''] = ['mqttUsername', 'mqttPassword'].map((key) =>
    encodeURIComponent(monitor.text(key) ?? ''),
  )
  const login = password === '' ? user && `${user}@` : `${user}:${password}@`
  const address = formatAddress({ host, port: Number(monitor.text('port') ?? 1883) })
  const url = `${scheme === 'mqtts' ? scheme : 'mqtt'}://${login}${address}`
  translation.refer(
    ['mqtt'],
    secrets.keepInUrl(url, monitor.text('id') ?? '', 'mqttPassword'),
    monitor.at('hostname'),
  )
  translation.set(['topic'], monitor.text('mqttTopic'), monitor.at('mqttTopic'))
  const [message, type] = [
    monitor.text('mqttSuccessMessage') ?? '',
    monitor.text('mqttCheckType') || 'keyword',
  ]
  const [conditions] = monitor.list('conditions')
  if (conditions !== undefined || type !== 'keyword')
    translation.lose(
      monitor.at(conditions === undefined ? 'mqttCheckType' : 'conditions'),
      'only a text that is in the message can be expected: any message will do',
    )
  else if (message !== '')
    translation.set(['expect', 'message'], quoteRegex(message), monitor.at('mqttSuccessMessage'))
}
