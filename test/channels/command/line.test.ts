import { describe, expect, it } from 'vitest'
import { compileCommand } from '../../../src/channels/command/line.ts'
import { templateValues } from '../../../src/channels/shared/template-values.ts'
import { aNotification } from '../../support/alerts/alerts.ts'

const values = templateValues(
  aNotification({ lastOutput: '{{.IsUp}} $(id)', target: '-rf', failureCount: 2 }),
)

describe('a command as a list', () => {
  it.each<[string, string[], string[]]>([
    ['puts values in once', ['echo', 'a {last_output} b'], ['echo', 'a {{.IsUp}} $(id) b']],
    ['leaves variables of a shell alone', ['echo', '${last_output} $X'], ['echo', '${last_output} $X']],
    [
      'keeps them apart from a script',
      ['sh', '-c', 'echo "$1"', 'sh', '{last_output}'],
      ['sh', '-c', 'echo "$1"', 'sh', '{{.IsUp}} $(id)'],
    ],
    [
      'hands them to a script as variables',
      ['env', 'A=1', '/bin/bash', '-ec', 'echo {last_output}'],
      ['env', 'A=1', '/bin/bash', '-ec', 'echo "${PROBITY_LAST_OUTPUT}"'],
    ],
    ['may give a number to anything', ['ssh', 'phone', 'exit {failure_count}'], ['ssh', 'phone', 'exit 2']],
  ])('%s', (_what, line, expected) => {
    expect(compileCommand(line)(values)).toEqual(expected)
  })

  it.each([
    [['{monitor_name}']],
    [['./{monitor_name}', 'x']],
    [['sudo', '-u', '{monitor_name}']],
    [['ssh', 'phone', 'notify {alert_message}']],
    [['python3', '-c', 'print("{last_output}")']],
    [['su', '-c', 'echo {last_output}']],
    [['sh', '-c', 'eval {last_output}']],
    [['find', '.', '-exec', '{last_output}', '+']],
  ])('is refused where a value would be read as code: %j', (line) => {
    expect(() => compileCommand(line)).toThrow('would be read as code there')
  })
})
