import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { expect, it } from 'vitest'
import { listenUdp } from '../../src/calls/udp.ts'
import { atEnd } from '../support/at-end.ts'

it('reads what has arrived before it stops', async () => {
  const sender = createSocket('udp4')
  atEnd(() => {
    sender.close()
  })
  let received = 0
  const socket = await listenUdp(() => received++, { host: '127.0.0.1', port: 0 })
  sender.connect(socket.port, '127.0.0.1')
  await once(sender, 'connect')
  // More than are read at a time, and fewer than the kernel holds. The kernel of a loopback has them when `send` has returned.
  const count = 150
  for (let index = 0; index < count; index++) sender.send('call')
  await socket.stop()
  expect(received + socket.dropped()).toBe(count)
})
