import type { Fields } from '../shared/fields.ts'
import { translateIpProtocol, translateTls, type Translating } from './shared.ts'

/** What each rule is called here. The second one does not do what its name says: records that match do not fail. */
const rules = {
  fail_if_matches_regexp: 'not_matches',
  fail_if_all_match_regexp: 'matches_or_empty',
  fail_if_not_matches_regexp: 'matches',
  fail_if_none_matches_regexp: 'matches_one',
} as const

/** Translates a `dns:`, but for the name that is asked for. */
export function translateDns(fields: Fields, context: Translating): void {
  const { translation } = context
  if ((fields.text('query_name') ?? '') === '')
    translation.lose(fields.at('query_name'), 'is missing: the name to ask for')
  translation.set(['type'], fields.text('query_type') ?? 'ANY', fields.at('query_type'))
  const queryClass = fields.text('query_class') ?? 'IN'
  if (queryClass !== 'IN') translation.lose(fields.at('query_class'), 'queries always use the class IN')
  translation.set(['recursion'], fields.take('recursion_desired'), fields.at('recursion_desired'))
  const transport = fields.text('transport_protocol') ?? 'udp'
  const overTls = fields.take('dns_over_tls') === true
  translation.set(
    ['transport'],
    overTls ? 'dot' : transport,
    fields.at(overTls ? 'dns_over_tls' : 'transport_protocol'),
  )
  const codes = fields.list('valid_rcodes')
  translation.set(['expect', 'rcode'], codes.length > 0 ? codes : ['NOERROR'], fields.at('valid_rcodes'))
  // An answer without records will do there, and records of other types count.
  translation.set(['expect', 'other_types'], true, fields.at('query_type'))
  translation.set(['expect', 'answer', 'min_records'], 0, fields.at('query_type'))
  for (const section of ['answer', 'authority', 'additional']) {
    const written = fields.below(`validate_${section}_rrs`)
    for (const [theirs, ours] of Object.entries(rules)) {
      const patterns = written.list(theirs)
      if (patterns.length > 0) translation.set(['expect', section, ours], patterns, written.at(theirs))
    }
  }
  translateTls(fields, context)
  translateIpProtocol(fields, translation)
}
