/**
 * Sends datagrams of one call each, for bench/collector.ts: `datagram-sender.ts PORT PER_SECOND SECONDS TARGETS`. It prints how many
 * it has sent.
 */
import { createSocket } from 'node:dgram'
import { setTimeout as sleep } from 'node:timers/promises'

const [port = 0, perSecond = 0, seconds = 0, targets = 1] = process.argv.slice(2).map(Number)
const socket = createSocket('udp4')
const datagrams = Array.from({ length: targets * 20 }, (_, index) => {
  const version = index % 20 === 0 ? '1.1' : '1.0'
  const status = index % 97 === 0 ? 503 : 200
  const host = `api-${index % targets}.example.com`
  return Buffer.from(
    `2\tPOST\thttps://${host}/v1/charges/${index}\t${20 + (index % 200)}.5\t${status}\t\tshop\t${version}\t\n`,
  )
})

let sent = 0
let failed = 0
const started = performance.now()
const count = (error: Error | null): void => {
  if (error) failed += 1
}
for (;;) {
  const elapsed = (performance.now() - started) / 1000
  if (elapsed >= seconds) break
  const due = Math.min(Math.floor(elapsed * perSecond) - sent, 200)
  for (let index = 0; index < due; index++)
    socket.send(datagrams[sent++ % datagrams.length] ?? '', port, '127.0.0.1', count)
  await sleep(due < 200 ? 1 : 0)
}
await sleep(200)
socket.close()
process.stdout.write(String(sent - failed))
