import type { z } from 'zod'
import { value } from '../../settings/values/value.ts'
import type { DialogueStep } from '../shared/dialogue/schema.ts'
import type { CheckSchema, Given, Report } from '../kind.ts'
import { concealNetwork } from '../shared/secrets.ts'
import { checkTlsOnce, conversationShape } from '../tcp/schema.ts'
import type { TlsSettings } from '../../net/tls/settings.ts'
import { readSocketPath } from '../../net/unix-socket.ts'

/** A connection to a Unix domain socket, and what is said over it. */
export interface UnixCheck {
  readonly kind: 'unix'
  /** Absolute. */
  readonly path: string
  readonly useTls: boolean
  readonly tls: TlsSettings
  readonly dialogue: readonly DialogueStep[]
}

const shape = {
  unix: value(readSocketPath, {
    type: 'string',
    description: 'The absolute path of a Unix domain socket to connect to.',
  }).optional(),
  ...conversationShape,
}

const expectShape = {}

type Parsed = { readonly [K in keyof typeof shape]: z.output<(typeof shape)[K]> }
type UnixSettings = Given<Parsed, 'unix' | 'use_tls' | 'tls'> & Pick<Parsed, 'dialogue'>

function toCheck(settings: UnixSettings, report: Report): UnixCheck {
  const { unix: path, use_tls: useTls, tls } = settings
  const steps = settings.dialogue ?? []
  checkTlsOnce({ use_tls: useTls, starttls: undefined }, steps, report)
  const speaksTls = useTls || steps.some(({ startTls }) => startTls)
  if (speaksTls && tls.verify && tls.serverName === undefined) {
    report(['unix'], 'a path is not a name to verify: write server_name: in tls:, or verify: false')
  }
  return { kind: 'unix', path, useTls, tls, dialogue: steps }
}

export const unixSchema: CheckSchema<typeof shape, typeof expectShape, UnixSettings, UnixCheck> = {
  key: 'unix',
  local: true,
  shape,
  expectShape,
  defaults: { use_tls: false, tls: { verify: true } },
  toCheck,
  conceal: (written, expand) => concealNetwork(written, expand(String(written['unix'])).value, expand),
}
