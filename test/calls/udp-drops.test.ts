import { describe, expect, it } from 'vitest'
import { udpDrops } from '../../src/calls/udp-drops.ts'

const table = `   sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode ref pointer drops
  346: 0100007F:CA00 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 57719 2 0000000000000000 12
  347: 00000000:CA00 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 57720 2 0000000000000000 30
  348: 0100007F:0CA0 00000000:0000 07 00000000:00000000 00:00000000 00000000     0        0 57721 2 0000000000000000 500
`

describe('drops of a UDP port', () => {
  it.each([
    [0xca00, 42],
    [0x0ca0, 500],
    [0x00a0, 0],
  ])('%i: %i', (port, drops) => {
    expect(udpDrops(table, port)).toBe(drops)
  })

  it('are none where the table cannot be read', () => {
    expect(udpDrops('', 51712)).toBe(0)
  })
})
