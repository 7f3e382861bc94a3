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
      ['/bin/bash', '-ec', 'echo {last_output} "$1"', '-', '{last_output}'],
      ['/bin/bash', '-ec', 'echo "${PROBITY_LAST_OUTPUT}" "$1"', '-', '{{.IsUp}} $(id)'],
    ],
    ['may give a number to anything', ['ssh', 'phone', 'exit {failure_count}'], ['ssh', 'phone', 'exit 2']],
  ])('%s', (_what, line, expected) => {
    expect(compileCommand(line)(values)).toEqual(expected)
  })

  it.each([
    [['sh', '-c', 'eval {last_output}'], 'expected a program that takes it as data, got eval'],
    [['sudo', 'sh', '-c', 'echo {last_output}'], 'expected it behind the script of sh'],
    [['A=1', 'sh', '{last_output}'], 'expected a program that is named plainly'],
    [['mail', '-s', 'a b', '{last_output}'], 'expected text, an option or -- before it'],
  ])('is refused where a value would be read as code: %j', (line, why) => {
    expect(() => compileCommand(line)).toThrow(why)
  })

  it('stays as it is where nothing is put in', () => {
    const line = ['find', '.', '-exec', 'sh', '-c', '\u0001', '{}', '+']
    expect(compileCommand(line)(values)).toEqual(line)
  })
})
