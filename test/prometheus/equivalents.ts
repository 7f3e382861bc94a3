/** Mistakes that change nothing, by what the mutation says of them, with the reason why no test can notice them. */
export const equivalents: Readonly<Record<string, string>> = {
  'TargetNoData: max becomes min in: max without (instance, ': 'probity_target_info is always 1.',
  'NotificationsFailing: sum becomes max in: ons_total{result="failed"}[15m]) > 0 or sum without (reason) (i':
    'Counters only grow: the sum of the increases is above 0 where one of them is.',
  'TargetFlapping: 29m59s becomes 3598s in: e:former_last_success_timestamp_seconds[29m59s]) + probe_target_al':
    'It is asked only of series that began less than 1785s ago, and recorded when they begin.',
  'TargetSlow: 0.5 becomes 0.25 in: tency_seconds or quantile_over_time(0.5, probe_duration_sec':
    'A median that is not above the limit is not told: the summary says that 3 in 10 checks are slow.',
  'TargetTailSlow: 0.99 becomes 0.495 in: conds or quantile_over_time(0.99, probe_duration_sec':
    'A percentile that is not above the limit is not shown: the summary says that 1 in 200 checks is slow.',
  'probe:last_success_timestamp_seconds: 1h becomes 7200s in: ds and last_over_time(probe_success[1h] offset 1s) + sum_o':
    'After a gap of more than an hour a failure counts from the first check that is seen, with or without the one before.',
  'probe:last_success_timestamp_seconds: 1h becomes 1800s in:  and last_over_time(probe_success[1h] offset 1s) + sum_o':
    'After a gap of more than 90s a failure counts from the first check that is seen, with or without the one before.',
  'probe:last_success_timestamp_seconds: 30s becomes 15s in: s[1s]) + (probe_success == 0) > 0 )[30s:1s] ) - probe_t':
    'For scrapes that take longer than an evaluation: in promtool none does.',
  'probe:last_success_timestamp_seconds: 1h becomes 7200s in: ast_over_time(probe:failing_for_seconds[1h]) > 0 and probe_suc':
    'It is recorded whenever the last success is, which is looked for in 1h.',
  'probe:last_success_timestamp_seconds: 90s becomes 180s in: over_time(probe_check_timestamp_seconds[90s]) - probe_target_in':
    'It is reached by the first check that is seen, or after a gap of an hour.',
  'probe:failing_for_seconds:max: 30s becomes 60s in: tamp_seconds + (probe_success == 0) )[30s:1s] ) > probe:faili':
    'Checks that are older than that have been judged, and are left out.',
  'calls:listened_seconds: max becomes min in: time(calls:silent_seconds[1h]) + 15 and max without (instance, ':
    'It is asked whether it is there, not for its value.',
  'probe:unreachable: + becomes - in: ( 1 + 0 * (probe_success ': 'What is added is 0.',
  'probe:state: * becomes / in: ( 0 * (probe:down == 1) ': 'It is 0 times 1, or 0 by 1.',
  'probe:state: + becomes - in: ( 0 * (probe:down == 1) or 1 + 0 * (probe:failing_': 'What is added is 0.',
  'probe:alerting: * becomes / in: estamp_seconds > -Inf) ) ) ) or 0 * ( probe:down == 1':
    'It is 0 times 1, or 0 by 1.',
  'probe:state: + becomes - in: robe_target_max_latency_seconds) or 2 + 0 * probe:down ) an':
    'What is added is 0.',
  'Watchdog: 1 becomes 2 in: vector(1)': 'It fires whatever its value is.',
  'Watchdog: 1 becomes 0.5 in: vector(1)': 'It fires whatever its value is.',
}
