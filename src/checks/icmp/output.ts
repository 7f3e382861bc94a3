import type { Failure } from '../../net/failure.ts'
import { cut, oneLine, plainText } from '../../lib/text/text.ts'
import type { IcmpResult } from './result.ts'

/** What an answer looks like: `64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.029 ms`; IPv6 of macOS has `hlim`. */
export function readReply(output: string): Omit<IcmpResult, 'setupSeconds'> | undefined {
  const line = output.split('\n').find((one) => /^\d+ bytes from /.test(one))
  const [, time] = /\btime[=<](\d{1,9}(?:\.\d{1,9})?) ?ms/.exec(line ?? '') ?? []
  if (line === undefined || time === undefined) return undefined
  const [, hops] = /\b(?:ttl|hlim)=(\d{1,3})\b/.exec(line) ?? []
  return {
    rttSeconds: Number(time) / 1000,
    ...(hops !== undefined && { replyHopLimit: Number(hops) }),
  }
}

const refusals =
  /unreachable|time to live exceeded|time exceeded|hop limit|too long|too big|frag(?:mentation)? needed|prohibited|filtered|no route/i

/** What is wrong on this machine, and what to do about it. */
const notAllowed = /operation not permitted|permission denied|are you root|lacking privilege/i

/** Says why there was no answer, by what ping has printed. */
export function explainSilence(output: string, exitCode: number, address: string): Failure {
  const lines = plainText(output)
    .split('\n')
    .map(oneLine)
    .filter((line) => line !== '')
  const refusal = lines.find((line) => refusals.test(line))
  if (refusal !== undefined) {
    return { reason: 'connect', message: `no reply from ${address}: ${cut(withoutPrefix(refusal), 200)}` }
  }
  const forbidden = lines.find((line) => notAllowed.test(line))
  if (forbidden !== undefined) {
    return {
      reason: 'command',
      message: `this machine does not let Probity ping (${cut(withoutPrefix(forbidden), 100)}): widen the sysctl net.ipv4.ping_group_range, or give ping the capability cap_net_raw`,
    }
  }
  // 1 is for no reply with iputils and BusyBox, 2 with macOS, where 64 is for wrong arguments.
  const statistics = lines.some((line) => /\b0(?: packets)? received\b/.test(line))
  if (statistics) return { reason: 'timeout', message: `no reply from ${address}` }
  const words = lines.at(0) ?? 'it printed nothing'
  return { reason: 'command', message: `ping exited with code ${exitCode}: ${cut(words, 200)}` }
}

function withoutPrefix(line: string): string {
  return line.replace(/^ping6?: /, '')
}
