import { describe, expect, it } from 'vitest'
import { parseNotify } from '../../../src/config/notify/load.ts'
import type { Peer } from '../../../src/config/notify/notify.ts'

function peersOf(text: string, env: Record<string, string> = {}): readonly Peer[] | undefined {
  const sources = {
    sources: [{ file: 'notify.yml', text }],
    directory: '/nowhere',
    files: ['/nowhere/notify.yml'],
  }
  return parseNotify(sources, { env, types: {} }).peers
}

function mistakes(text: string): string[] {
  try {
    peersOf(text)
  } catch (error) {
    return (error as Error).message.split('\n')
  }
  return []
}

describe('peers: of notify.yml', () => {
  it('is the address of the other one and a token', () => {
    const text = 'peers: [{ url: "${PEER_URL}", token: "${PEER_TOKEN}" }]'
    const env = { PEER_URL: 'https://b.example:9740/ops', PEER_TOKEN: 'probity_secret' }
    expect(peersOf(text, env)).toEqual([
      { url: new URL('https://b.example:9740/ops'), token: 'probity_secret' },
    ])
  })

  it.each(['', 'peers:', 'peers: []', 'channels: {}'])('is not needed: %j', (text) => {
    expect(peersOf(text)).toBeUndefined()
  })

  it.each([
    ['peers: { url: http://b }', 'notify.yml:1:8 peers: expected a list with one peer, got a mapping'],
    [
      'peers: [{ url: "http://b", token: t }, { url: "http://c", token: t }]',
      'notify.yml:1:40 peers[1]: expected one peer: more than two solos are not supported',
    ],
    [
      'peers: [{ url: "ftp://b", token: t }]',
      'notify.yml:1:16 peers[0].url: "ftp://b" is not the address of a solo: expected http(s)://host[:port][/path]',
    ],
    [
      'peers: [{ url: "http://u:p@b", token: t }]',
      'notify.yml:1:16 peers[0].url: "http://<secret>@b" is not the address of a solo: expected http(s)://host[:port][/path]',
    ],
    ['peers: [{ url: "http://b", token: t, name: b }]', 'notify.yml:1:38 peers[0].name: unknown key'],
    [
      'peers: [{ url: "http://b", token: "${PEER_TOKEN}" }]',
      'notify.yml:1:35 peers[0].token: the environment variable PEER_TOKEN is not set: set it, or give a default with ${PEER_TOKEN:-default}',
    ],
  ])('has mistakes that are reported with their place: %s', (text, message) => {
    expect(mistakes(text)).toContain(message)
  })
})
