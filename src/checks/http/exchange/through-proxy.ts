import { isIP } from 'node:net'
import { messageOf } from '../../../lib/errors.ts'
import { endpoint } from '../../../net/connect.ts'
import { ProbeFailure } from '../../../net/failure.ts'
import { oddityWords } from '../../../net/http1/oddity.ts'
import { proxyAuthorization } from '../../../net/proxy/proxy.ts'
import { isSocks } from '../../../net/proxy/settings.ts'
import { openSocksTunnel } from '../../../net/proxy/socks5.ts'
import { openTunnel } from '../../../net/proxy/tunnel.ts'
import { shakeHands } from '../../../net/tls/secure.ts'
import type { HttpRun } from '../run.ts'
import { connect, portOf, resolve, type Dialled } from './reach.ts'

/**
 * By a tunnel for https, through SOCKS5, and for a URL that is not configured: its addresses are looked at here, and one of them is
 * sent to the proxy. Otherwise the proxy passes the request on.
 */
export async function dialThrough(proxy: URL, url: URL, run: HttpRun): Promise<Dialled> {
  const { clock, context, evidence } = run
  const isResolvedHere = context.allowAddress !== undefined || proxy.protocol === 'socks5:'
  const checked = isResolvedHere ? await resolve(url, run, context.allowAddress) : undefined
  const reached = await reachProxy(proxy, run)
  const peer = url.hostname.replace(/^\[|\]$/g, '')
  if (url.protocol === 'http:' && !checked && !isSocks(proxy)) return { ...reached, peer, forwarder: proxy }
  const [host, port] = [checked?.[0] ?? peer, portOf(url)]
  const authority = endpoint(host, port)
  evidence.doing = `waiting for the proxy ${proxy.host} to connect to ${authority}`
  const began = clock.monotonic()
  if (isSocks(proxy)) await openSocksTunnel(reached.socket, { host, port, proxy })
  else
    await openTunnel(reached.socket, {
      authority,
      proxy: proxy.host,
      authorization: proxyAuthorization(proxy),
      note: (oddity) => {
        context.log.add('the answer of the proxy is odd', { oddity, meaning: oddityWords[oddity] })
      },
    })
  context.log.add('tunnel opened', { proxy: proxy.host, to: authority })
  return { ...reached, peer, seconds: reached.seconds + (clock.monotonic() - began) / 1000 }
}

/** A proxy is configured, so that no list of allowed addresses applies to it. */
async function reachProxy(proxy: URL, run: HttpRun): Promise<Omit<Dialled, 'peer'>> {
  try {
    const reached = await connect(await resolve(proxy, run, undefined), portOf(proxy), run)
    return proxy.protocol === 'https:' ? await secured(proxy, reached, run) : reached
  } catch (cause) {
    if (!(cause instanceof ProbeFailure)) throw cause
    throw new ProbeFailure(cause.reason, `the proxy cannot be reached: ${messageOf(cause)}`, { cause })
  }
}

/** TLS with the proxy itself: its certificate is verified, and is not that of the target, so that it is not shown as one. */
async function secured(
  proxy: URL,
  reached: Omit<Dialled, 'peer'>,
  run: HttpRun,
): Promise<Omit<Dialled, 'peer'>> {
  const { check, evidence, trust } = run
  evidence.doing = `in the TLS handshake with the proxy ${proxy.host}`
  const host = proxy.hostname.replace(/^\[|\]$/g, '').replace(/\.$/, '')
  const settings = { verify: true, ...(check.proxy?.ca && { ca: check.proxy.ca }) }
  const { socket, seconds, distrust } = await shakeHands(
    reached.socket,
    {
      settings,
      trust: trust(settings),
      serverName: isIP(host) === 0 ? host : undefined,
      address: host,
      protocols: ['http/1.1'],
    },
    run,
  )
  if (distrust) throw distrust
  return { ...reached, socket, seconds: reached.seconds + seconds, inside: true }
}
