import { refusePortZero, type ConnectOptions } from '../../../net/connect.ts'
import { proxyFor } from '../../../net/proxy/proxy.ts'
import { connectUnix } from '../../../net/unix-socket.ts'
import type { HttpRun } from '../run.ts'
import { connect, portOf, resolve, type Dialled } from './reach.ts'
import { dialThrough } from './through-proxy.ts'

/**
 * Connects to the host of a URL, directly or through a proxy.
 *
 * @param begin Begins to connect, where no proxy stands in between. Default: TCP.
 * @throws ProbeFailure
 */
export async function dial(url: URL, run: HttpRun, begin?: ConnectOptions['dial']): Promise<Dialled> {
  const { check, context } = run
  // A redirect may lead to another server.
  if (check.unixSocket !== undefined && url.origin === check.url.origin)
    return dialSocket(check.unixSocket, run)
  refusePortZero(portOf(url))
  const proxy = proxyFor(url, check.proxy, run.env)
  if (proxy) return dialThrough(proxy, url, run)
  const addresses = await resolve(url, run, context.allowAddress)
  const direct = await connect(addresses, portOf(url), run, begin)
  return { ...direct, peer: direct.address }
}

async function dialSocket(path: string, { evidence, clock, context, sockets }: HttpRun): Promise<Dialled> {
  evidence.doing = `connecting to ${path}`
  context.log.add('connecting', { path })
  const began = clock.monotonic()
  const socket = await connectUnix(path, { sockets, allowAddress: context.allowAddress })
  return { socket, address: path, peer: path, seconds: (clock.monotonic() - began) / 1000 }
}
