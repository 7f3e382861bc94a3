import { createSocket } from 'node:dgram'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { pino } from 'pino'
import { startExporter } from '../../src/app/exporter/exporter.ts'
import type { Exporter } from '../../src/app/exporter/running.ts'
import type { CallsAddress } from '../../src/app/calls/receiver.ts'
import { sample } from '../calls/support/calls.ts'
import { tempFolder } from '../support/temp-folder.ts'
import { waitFor } from '../support/time/wait-for.ts'

const config = `
targets:
  - name: charges
    url: http://127.0.0.1:1/
    expect: { max_latency: 100ms }
    calls: { host: api.stripe.com }
  - { name: sms, labels: { vendor: twilio }, calls: { host: sms.example.com } }
`
const loopback: CallsAddress = { address: { host: '127.0.0.1', port: 0 }, optional: false }
const line = '2\tGET\thttps://api.stripe.com/v1?key=secret\t150\t200\t\tshop\t1.0\n'
const counted = 'api_call_duration_seconds_count{target="charges",caller="shop",version="1.0",outcome="ok"}'

let file: string
let exporter: Exporter | undefined

beforeEach(async () => {
  file = join(await tempFolder(), 'targets.yml')
  await writeFile(file, config)
})

afterEach(async () => {
  await exporter?.stop()
  exporter = undefined
})

async function start(calls?: CallsAddress): Promise<Exporter> {
  exporter = await startExporter(
    { configFile: file, listenAddress: { host: '127.0.0.1', port: 0 }, ...(calls && { calls }) },
    { log: pino({ level: 'silent' }), env: {} },
  )
  return exporter
}

const metrics = async ({ url }: Exporter): Promise<string> => (await fetch(`${url}/metrics`)).text()

async function sendTo({ callsUrl }: Exporter, text: string, host = '127.0.0.1'): Promise<void> {
  const sender = createSocket(host.includes(':') ? 'udp6' : 'udp4')
  await new Promise((resolve) => {
    sender.send(text, Number(new URL(callsUrl ?? '').port), host, resolve)
  })
  sender.close()
}

describe('calls that programs report', () => {
  it('over UDP appear on /metrics', async () => {
    const running = await start(loopback)
    await sendTo(running, line)
    const text = await waitFor('the call', async () => {
      const now = await metrics(running)
      return sample(now, counted) === 1 && now
    })
    expect(sample(text, 'api_calls_over_limit_total{target="charges",caller="shop",version="1.0"}')).toBe(1)
    expect(sample(text, 'api_call_datagrams_dropped_total{reason="buffer"}')).toBe(0)
    expect(text).not.toContain('secret')
  })

  it('over UDP may be as large as a datagram can be', async () => {
    const running = await start(loopback)
    await sendTo(running, line.repeat(2000).slice(0, 65_507))
    const whole = Math.floor(65_507 / line.length)
    await waitFor('the calls', async () => (sample(await metrics(running), counted) ?? 0) >= whole)
  })

  it('over HTTP are answered with what became of them', async () => {
    const running = await start()
    expect(running.callsUrl).toBeUndefined()
    const body = gzipSync(`${line}${line}3\tx\nno call\n`)
    const response = await fetch(`${running.url}/api/v1/calls`, {
      method: 'POST',
      body,
      headers: { 'Content-Encoding': 'gzip', 'Content-Type': 'text/plain' },
    })
    expect(await response.json()).toEqual({ accepted: 2, malformed: 1, unknown_version: 1, too_long: 0 })
    const text = await metrics(running)
    expect(sample(text, counted)).toBe(2)
    expect(sample(text, 'api_call_messages_total{protocol="http",result="malformed"}')).toBe(1)
  })

  it.each([
    ['no body', '', 200],
    ['more than 1 MiB', 'x'.repeat(1024 * 1024 + 1), 413],
    ['more than 1 MiB once it is unpacked', gzipSync('x'.repeat(2 * 1024 * 1024)), 413],
  ])('over HTTP: %s', async (_what, body, status) => {
    const running = await start()
    const headers: Record<string, string> = typeof body === 'string' ? {} : { 'Content-Encoding': 'gzip' }
    const response = await fetch(`${running.url}/api/v1/calls`, { method: 'POST', body, headers })
    expect(response.status).toBe(status)
  })

  it('are judged by the configuration in force', async () => {
    const running = await start()
    await writeFile(file, config.replace('api.stripe.com', 'api.other.com'))
    await running.reload()
    await fetch(`${running.url}/api/v1/calls`, { method: 'POST', body: line })
    const text = await metrics(running)
    expect(sample(text, counted)).toBeUndefined()
    expect(sample(text, 'api_calls_unmatched_total{host="api.stripe.com"}')).toBe(1)
  })
})

describe('a target that has only calls', () => {
  it('is named on /metrics, and neither discovered nor probed', async () => {
    const running = await start()
    const groups = (await (await fetch(`${running.url}/sd`)).json()) as { labels: { target: string } }[]
    expect(groups.map(({ labels }) => labels.target)).toEqual(['charges'])
    expect((await fetch(`${running.url}/probe?target=sms`)).status).toBe(404)
    const text = await metrics(running)
    expect(text).toMatch(/^probity_target_info\{.*target="sms",kind="calls".*\} 1$/m)
    expect(text).toContain('api_call_target_max_latency_seconds{vendor="twilio",target="sms"} 1\n')
    expect(text).toMatch(/^probity_target_info\{.*target="charges",kind="http".*\} 1$/m)
  })
})

describe('the default UDP address', () => {
  it('is that of both loopback interfaces, because "localhost" may mean either', async () => {
    const running = await start({ ...loopback, optional: true })
    await sendTo(running, line)
    await sendTo(running, line, '::1')
    await waitFor('both calls', async () => sample(await metrics(running), counted) === 2)
    expect(sample(await metrics(running), 'api_call_datagrams_dropped_total{reason="buffer"}')).toBe(0)
    await running.stop()
    const port = Number(new URL(running.callsUrl ?? '').port)
    const free = createSocket('udp6').bind(port, '::1')
    await once(free, 'listening')
    free.close()
  })

  it('is only that of IPv4 if the other is taken', async () => {
    const port = await portOfBoth()
    const taken = createSocket('udp6').bind(port, '::1')
    await once(taken, 'listening')
    try {
      const running = await start({ address: { host: '127.0.0.1', port }, optional: true })
      await sendTo(running, line)
      await waitFor('the call', async () => sample(await metrics(running), counted) === 1)
    } finally {
      taken.close()
    }
  })
})

/** A port that is free on 127.0.0.1 and on ::1. */
async function portOfBoth(): Promise<number> {
  const running = await start({ ...loopback, optional: true })
  await running.stop()
  return Number(new URL(running.callsUrl ?? '').port)
}

describe('a UDP address that other machines can reach', () => {
  const everywhere = { address: { host: '0.0.0.0', port: 0 }, optional: false }

  it.each(['0.0.0.0', '', '::'])('keeps the exporter from starting if nobody may send: %j', async (host) => {
    await expect(start({ address: { host, port: 0 }, optional: false })).rejects.toMatchObject({
      code: 'NETWORKS_MISSING',
      message: `calls cannot be received on UDP ${host}:0 without --calls.allow-networks: it says who may send, such as 10.0.0.0/8`,
    })
  })

  it.each(['0.0.0.0', ''])(
    'takes datagrams from the allowed networks only, and counts the others: %j',
    async (host) => {
      const networks = ['127.0.0.2/32', 'fd00::/8']
      const running = await start({ address: { host, port: 0 }, networks, optional: false })
      for (const sender of ['127.0.0.3', '127.0.0.1', '127.0.0.2']) await sendFrom(running, sender)
      const text = await waitFor('the call', async () => {
        const now = await metrics(running)
        return sample(now, counted) === 1 && now
      })
      expect(sample(text, 'api_call_datagrams_dropped_total{reason="network"}')).toBe(2)
      expect(sample(text, 'api_call_datagrams_dropped_total{reason="buffer"}')).toBe(0)
    },
  )

  it('takes all that the networks hold, with 127.0.0.0/8 this machine too', async () => {
    const running = await start({ ...everywhere, networks: ['127.0.0.0/8'] })
    for (const sender of ['127.0.0.1', '127.9.9.9']) await sendFrom(running, sender)
    await waitFor('both calls', async () => sample(await metrics(running), counted) === 2)
  })
})

async function sendFrom({ callsUrl }: Exporter, sender: string): Promise<void> {
  const socket = createSocket('udp4').bind(0, sender)
  await once(socket, 'listening')
  await new Promise((resolve) => {
    socket.send(line, Number(new URL(callsUrl ?? '').port), '127.0.0.1', resolve)
  })
  socket.close()
}

describe('a UDP address that is taken', () => {
  it('keeps the exporter from starting when it was asked for, and not when nobody did', async () => {
    const taken = createSocket('udp4').bind(0, '127.0.0.1')
    await once(taken, 'listening')
    try {
      const address = { host: '127.0.0.1', port: taken.address().port }
      await expect(start({ address, optional: false })).rejects.toMatchObject({
        code: 'LISTEN_FAILED',
        message: expect.stringContaining('another program is listening there: stop it') as string,
      })
      const running = await start({ address, optional: true })
      expect(running.callsUrl).toBeUndefined()
      expect((await fetch(`${running.url}/-/ready`)).status).toBe(200)
    } finally {
      taken.close()
    }
  })

  it('is free again when the exporter has stopped', async () => {
    const first = await start(loopback)
    const { port } = new URL(first.callsUrl ?? '')
    await first.stop()
    await first.stop()
    const second = await start({ address: { host: '127.0.0.1', port: Number(port) }, optional: false })
    expect(second.callsUrl).toBe(`udp://127.0.0.1:${port}`)
  })
})
