import type { Expanded } from '../../settings/secrets.ts'
import { collectInserted } from '../http/settings/secrets.ts'
import type { Concealed } from '../kind.ts'
import { concealTls } from '../../net/tls/settings.ts'

type Written = Readonly<Record<string, unknown>>
type Expand = (text: string) => Expanded

const mask = '<secret>'

/** Words in what is sent that say that it holds credentials. */
const credential =
  /\b(?:pass|auth (?!tls|ssl)|login )|token|secret|passw|pwd|credential|api[-_]?key|requirepass/i

/** Text whose only variable parts are references. */
const onlyReferences = (text: string): boolean => {
  const words = text.trim().split(/\s+/)
  return words.slice(1).every((part) => /^(?:\$\{(?:file:[^}]+|[A-Za-z_]\w*)\}|[A-Z]{3,8})$/.test(part))
}

/** What may be shown of a target that is an address: everything but what is sent to log in, and private keys. */
export function concealNetwork(written: Written, instance: string, expand: Expand): Concealed {
  const secrets = new Set<string>()
  const { send, dialogue, tls, expect } = written
  collectInserted([send, dialogue, expectedTexts(expect)], expand, secrets)
  const shown = {
    ...concealStep(written, expand, secrets),
    ...(Array.isArray(dialogue) && {
      dialogue: dialogue.map((step: unknown) =>
        isMapping(step) ? concealStep(step, expand, secrets) : step,
      ),
    }),
    ...(tls !== undefined && { tls: concealTls(tls, expand, secrets) }),
  }
  secrets.delete('')
  return { instance, shown, secrets: [...secrets] }
}

/** The thresholds are not secrets: they are metrics. */
function expectedTexts(expect: unknown): unknown[] {
  if (!isMapping(expect)) return []
  return [expect['reply'], expect['answer'], expect['authority'], expect['additional']]
}

/** A step of a dialogue, or a target that sends something itself. */
function concealStep(step: Written, expand: Expand, secrets: Set<string>): Written {
  const { send } = step
  if (typeof send !== 'string' || !credential.test(send) || onlyReferences(send)) return step
  const { value } = expand(send)
  secrets.add(value.trim())
  secrets.add(value.trim().split(/\s+/).at(-1) ?? '')
  return { ...step, send: mask }
}

function isMapping(value: unknown): value is Written {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
