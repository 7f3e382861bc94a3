import type { Attempt } from '../../net/attempt.ts'
import type { RecordType } from './names.ts'
import type { DnsResult } from './result.ts'
import type { Answer } from './message.ts'

/** What a question to a name server has shown so far. */
export class DnsEvidence {
  readonly #type: RecordType
  #run: Attempt | undefined
  #answer: Answer | undefined
  #connect = 0
  #request = 0
  #requestedAt: number | undefined

  constructor(type: RecordType) {
    this.#type = type
  }

  /** Takes over the clock and the phases of a probe. */
  measures(run: Attempt): void {
    this.#run = run
  }

  /** The connection is there, TLS included. */
  connected(): void {
    const { connect = 0, tls = 0 } = this.#run?.evidence.phases ?? {}
    this.#connect = connect + tls
  }

  /** Measures a question, also one that gets no answer. */
  async request(ask: () => Promise<Answer>): Promise<Answer> {
    this.#requestedAt = this.#run?.clock.monotonic()
    try {
      return await ask()
    } finally {
      this.#endRequest()
    }
  }

  answered(answer: Answer): void {
    this.#answer = answer
  }

  result(): DnsResult {
    this.#endRequest()
    const { answer = [], authority = [], additional = [] } = this.#answer ?? {}
    const serial = answer.find((record) => record.serial !== undefined)?.serial ?? 0
    return {
      phases: {
        resolve: this.#run?.evidence.resolve?.durationSeconds ?? 0,
        connect: this.#connect,
        request: this.#request,
      },
      answered: this.#answer !== undefined,
      answerRecords: answer.length,
      authorityRecords: authority.length,
      additionalRecords: additional.length,
      ...(this.#answer && this.#type === 'SOA' && { serial }),
    }
  }

  #endRequest(): void {
    if (this.#requestedAt === undefined || !this.#run) return
    this.#request += (this.#run.clock.monotonic() - this.#requestedAt) / 1000
    this.#requestedAt = undefined
    this.#run.evidence.phases.processing = this.#request
  }
}
