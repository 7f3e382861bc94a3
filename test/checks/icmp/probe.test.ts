import { chmod, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { renderProbe } from '../../../src/metrics/render.ts'
import { createIcmpProber, type IcmpProberOptions } from '../../../src/checks/icmp/probe.ts'
import type { ProbeResult } from '../../../src/checks/result.ts'
import { runProbe } from '../../../src/checks/run.ts'
import { checkOf } from '../../support/checks.ts'
import { slackSeconds } from '../../support/time/patience.ts'
import { aTarget } from '../../support/target.ts'
import { tempFolder } from '../../support/temp-folder.ts'
import { describeWithTool } from '../../support/programs/tools.ts'

type Keys = Readonly<Record<string, unknown>>

async function probe(
  icmp: string,
  keys: Keys = {},
  options: IcmpProberOptions & {
    readonly timeoutSeconds?: number
    readonly allow?: (address: string) => void
  } = {},
): Promise<ProbeResult> {
  const { timeoutSeconds = 2, allow, ...prober } = options
  return runProbe(checkOf('icmp', { icmp, ...keys }), {
    timeoutSeconds,
    ...(allow && { allowAddress: allow }),
    probers: { icmp: () => Promise.resolve(createIcmpProber(prober)) },
  })
}

const metricsOf = (result: ProbeResult): string =>
  renderProbe({
    target: aTarget({ check: checkOf('icmp', { icmp: '127.0.0.1' }) }),
    result,
    timeoutSeconds: 2,
  })

describeWithTool(['ping'], 'the ping of this machine', () => {
  it('gets a reply of 127.0.0.1', async () => {
    const result = await probe('127.0.0.1', { payload_size: 1000, ttl: 5, dont_fragment: true })
    expect(result).toMatchObject({ success: true, resolve: { address: '127.0.0.1' } })
    expect(result.icmp!.rttSeconds).toBeGreaterThan(0)
    expect(result.icmp!.rttSeconds).toBeLessThan(1)
    expect(result.icmp!.replyHopLimit).toBeGreaterThan(0)
    const text = metricsOf(result)
    for (const phase of ['resolve', 'setup', 'rtt']) {
      expect(text).toMatch(new RegExp(`^probe_icmp_duration_seconds\\{phase="${phase}"\\} [0-9.e-]+$`, 'm'))
    }
    expect(text).toMatch(/^probe_icmp_reply_hop_limit \d+$/m)
    expect(text).toContain('\nprobe_ip_protocol 4\n')
  })

  it('is given the address of a name, of the family that is preferred', async () => {
    const lookup = (): Promise<string[]> => Promise.resolve(['::1', '127.0.0.1'])
    const result = await probe('both.example', { ip_protocol: 'ip4' }, { lookup })
    expect(result).toMatchObject({ success: true, resolve: { address: '127.0.0.1' } })
  })

  it('says that nobody replies', async () => {
    // A block that is reserved forever: RFC 1112, section 4.
    const result = await probe('240.0.0.1', {}, { timeoutSeconds: 1 })
    expect(result.success).toBe(false)
    expect(['timeout', 'connect', 'command']).toContain(result.failure?.reason)
    expect(result.durationSeconds).toBeLessThan(1 + slackSeconds)
    expect(metricsOf(result)).toContain('\nprobe_icmp_duration_seconds{phase="rtt"} 0\n')
  })
})

describe('what fails before anything is sent', () => {
  it('is a name that does not exist', async () => {
    const lookup = (): Promise<string[]> =>
      Promise.reject(Object.assign(new Error('no'), { code: 'ENOTFOUND' }))
    const result = await probe('gone.example', {}, { lookup })
    expect(result.failure?.reason).toBe('dns')
  })

  it('is an address that is not allowed', async () => {
    const allow = (): void => {
      throw new Error('loopback is not allowed')
    }
    const result = await probe('127.0.0.1', {}, { allow })
    expect(result.failure).toEqual({ reason: 'blocked', message: 'loopback is not allowed' })
  })

  it('is a ping that is not there', async () => {
    const result = await probe('127.0.0.1', {}, { env: { PATH: await tempFolder() } })
    expect(result.failure?.reason).toBe('command')
    expect(result.failure?.message).toMatch(
      /^ping cannot be started: .*install it \(on Debian .*iputils-ping\)$/,
    )
  })
})

/** A program that is called ping, with the words of another one: those of each kind have their own. */
async function pretend(body: string): Promise<string> {
  const file = join(await tempFolder(), 'ping')
  await writeFile(file, `#!/bin/sh\n${body}\n`)
  await chmod(file, 0o755)
  return file
}

const version = (text: string): string => `[ "$1" = -V ] && { echo '${text}' >&2; exit 1; }\n`
const iputils = version('ping from iputils 20240117')
const busybox = version('ping: unrecognized option: V\nBusyBox v1.36.1 multi-call binary.')

describe('the words of each ping', () => {
  it('are those of BusyBox', async () => {
    const program = await pretend(
      `${busybox}[ "$*" = '-4 -c 1 -W 3 -s 100 -t 9 192.0.2.7' ] || { echo "$*"; exit 64; }
echo 'PING 192.0.2.7 (192.0.2.7): 100 data bytes'
echo '108 bytes from 192.0.2.7: seq=0 ttl=63 time=12.345 ms'`,
    )
    const result = await probe('192.0.2.7', { payload_size: 100, ttl: 9 }, { program })
    expect(result).toMatchObject({ success: true, icmp: { rttSeconds: 0.012345, replyHopLimit: 63 } })
    const whole = await probe('192.0.2.7', { dont_fragment: true }, { program })
    expect(whole.failure).toEqual({
      reason: 'command',
      message: 'the ping of this machine (BusyBox) cannot forbid fragments: install the one from iputils',
    })
  })

  it('are those of macOS', async () => {
    const program = await pretend(
      `[ "$1" = -V ] && exit 64
[ "$*" = '-n -c 1 -s 56 -W 3000 -m 9 -D 192.0.2.7' ] || { echo "$*"; exit 64; }
echo '64 bytes from 192.0.2.7: icmp_seq=0 ttl=57 time=8.500 ms'`,
    )
    const options = { program, platform: 'darwin' } as const
    expect(await probe('192.0.2.7', { ttl: 9, dont_fragment: true }, options)).toMatchObject({
      success: true,
      icmp: { rttSeconds: 0.0085, replyHopLimit: 57 },
    })
    await writeFile(
      `${program}6`,
      `#!/bin/sh\n[ "$*" = '-n -c 1 -s 56 2001:db8::1' ] || exit 64\necho '16 bytes from 2001:db8::1, icmp_seq=0 hlim=64 time=0.1 ms'\n`,
    )
    await chmod(`${program}6`, 0o755)
    expect(await probe('2001:db8::1', {}, options)).toMatchObject({
      success: true,
      icmp: { rttSeconds: 0.0001, replyHopLimit: 64 },
    })
  })

  it('are in English, whatever the language of the machine is', async () => {
    const program = await pretend(
      `${iputils}echo "64 bytes from 192.0.2.7: ttl=1 time=\${#LC_ALL}.5 ms $LANG"`,
    )
    const env = { PATH: process.env['PATH'], LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' }
    expect((await probe('192.0.2.7', {}, { program, env })).icmp?.rttSeconds).toBeCloseTo(0.0015)
  })

  it.each([
    [
      'From 192.0.2.1 icmp_seq=1 Destination Host Unreachable',
      1,
      'connect',
      'no reply from 192.0.2.7: From 192.0.2.1 icmp_seq=1 Destination Host Unreachable',
    ],
    [
      'From 192.0.2.1 icmp_seq=1 Time to live exceeded',
      1,
      'connect',
      'no reply from 192.0.2.7: From 192.0.2.1 icmp_seq=1 Time to live exceeded',
    ],
    [
      'ping: local error: message too long, mtu=1500',
      1,
      'connect',
      'no reply from 192.0.2.7: local error: message too long, mtu=1500',
    ],
    [
      'ping: connect: Network is unreachable',
      2,
      'connect',
      'no reply from 192.0.2.7: connect: Network is unreachable',
    ],
    ['1 packets transmitted, 0 received, 100% packet loss', 1, 'timeout', 'no reply from 192.0.2.7'],
    ['1 packets transmitted, 0 packets received, 100% packet loss', 2, 'timeout', 'no reply from 192.0.2.7'],
    [
      'ping: socktype: SOCK_RAW\nping: socket: Operation not permitted',
      2,
      'command',
      expect.stringMatching(
        /^this machine does not let Probity ping \(socket: Operation not permitted\): widen/,
      ),
    ],
    ['ping: permission denied (are you root?)', 1, 'command', expect.stringMatching(/cap_net_raw$/)],
    ['\u001b[31musage: ping', 64, 'command', 'ping exited with code 64: usage: ping'],
    ['64 bytes from', 0, 'command', 'ping exited with code 0: 64 bytes from'],
  ])('%s', async (words, code, reason, message) => {
    const program = await pretend(`${iputils}cat <<'END'\n${words}\nEND\nexit ${code}`)
    const { success, failure } = await probe('192.0.2.7', {}, { program })
    expect({ success, failure }).toEqual({ success: false, failure: { reason, message } })
  })
})

describe('a ping that does not behave', () => {
  it('is ended at the deadline', async () => {
    const program = await pretend(`${iputils}exec sleep 30`)
    const result = await probe('192.0.2.7', {}, { program, timeoutSeconds: 0.5 })
    expect(result.failure).toEqual({
      reason: 'timeout',
      message: 'no answer within 0.5s while waiting for the echo reply from 192.0.2.7',
    })
    expect(result.durationSeconds).toBeLessThan(0.5 + slackSeconds)
  })

  it('is ended when it never stops talking', async () => {
    const program = await pretend(`${iputils}while :; do echo xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx; done`)
    const result = await probe('192.0.2.7', {}, { program, timeoutSeconds: 0.5 })
    expect(result.failure?.reason).toBe('timeout')
  })

  it('waits for its turn where many are', async () => {
    const program = await pretend(`${iputils}sleep 0.2; echo '64 bytes from 192.0.2.7: ttl=1 time=1 ms'`)
    const prober = createIcmpProber({ program, maxRunning: 1 })
    const check = checkOf('icmp', { icmp: '192.0.2.7' })
    const one = (timeoutSeconds: number): Promise<ProbeResult> =>
      runProbe(check, { timeoutSeconds, probers: { icmp: () => Promise.resolve(prober) } })
    const [first, second, late] = await Promise.all([one(3), one(3), one(0.1)])
    expect([first.success, second.success, late.success]).toEqual([true, true, false])
    expect(late.failure?.reason).toBe('timeout')
  })
})
