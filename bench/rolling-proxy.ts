import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface Backend {
  readonly url: string
  readonly callsPort: number
}

/** How often it asks who is ready. The kubelet asks every 2 s. */
const everyMs = 200

/** Passes on TCP connections and datagrams to the backends that are ready, in turn. */
export async function startProxy(backends: () => readonly Backend[]) {
  let ready = [...backends()]
  let turn = 0
  const next = (): Backend | undefined => ready[turn++ % ready.length]
  const open = new Set<Socket>()
  const server = createServer((client) => {
    const { port } = new URL(next()?.url ?? 'http://127.0.0.1:1')
    const upstream = connect(Number(port), '127.0.0.1')
    for (const [one, other] of [
      [client, upstream],
      [upstream, client],
    ] as const) {
      open.add(one)
      one.on('error', () => other.destroy()).on('close', () => open.delete(one))
      one.pipe(other)
    }
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  let passedOn = 0
  const datagrams = createSocket({ type: 'udp4', recvBufferSize: 8 * 1024 * 1024 })
  datagrams.on('message', (bytes) => {
    const backend = next()
    if (backend === undefined) return
    passedOn++
    datagrams.send(bytes, backend.callsPort, '127.0.0.1')
  })
  datagrams.bind(0, '127.0.0.1')
  await once(datagrams, 'listening')
  const timer = setInterval(() => {
    void Promise.all(backends().map(async (one) => ((await isReady(one)) ? [one] : []))).then((found) => {
      ready = found.flat()
    })
  }, everyMs)
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    callsPort: datagrams.address().port,
    passedOn: () => passedOn,
    async stop() {
      clearInterval(timer)
      datagrams.close()
      server.close()
      for (const socket of open) socket.destroy()
      await once(server, 'close')
    },
  }
}

function isReady({ url }: Backend): Promise<boolean> {
  return fetch(`${url}/-/ready`).then(
    async (response) => {
      await response.text()
      return response.ok
    },
    () => false,
  )
}
