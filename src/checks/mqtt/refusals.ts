import type { MqttVersion } from './schema.ts'

/** Why a broker refuses a session: section 3.2.2.3 of MQTT 3.1.1. */
const before5: Readonly<Record<number, string>> = {
  1: 'it does not speak MQTT 3.1.1',
  2: 'it refuses the identifier of the client',
  3: 'it is not available',
  4: 'the user name or the password is wrong',
  5: 'the client is not authorized: a user name and a password may be missing, or wrong',
}

/** Section 2.4 of MQTT 5, those that a client like this one can get. */
const since5: Readonly<Record<number, string>> = {
  0x80: 'it gives no reason',
  0x81: 'it cannot read the packet',
  0x82: 'it sees a breach of the protocol',
  0x84: "it does not speak MQTT 5: write mqtt_version: '3.1.1'",
  0x85: 'it refuses the identifier of the client',
  0x86: 'the user name or the password is wrong',
  0x87: 'the client is not authorized: a user name and a password may be missing, or wrong',
  0x88: 'it is not available',
  0x89: 'it is busy',
  0x8a: 'the client is banned',
  0x8b: 'it is shutting down',
  0x8f: 'the topic is not allowed',
  0x97: 'a quota is used up',
  0x9c: 'another server is to be used',
  0x9d: 'it has moved to another server',
  0x9f: 'there are too many connections',
}

/** What a code of a broker means. */
export function refusalOf(code: number, version: MqttVersion): string {
  const meaning = (version === '5' ? since5 : before5)[code] ?? 'it does not say why'
  return `${meaning} (code ${code})`
}
