import { describeWithTool } from '../../support/programs/tools.ts'
import { browser, docker, systemd } from './stand-ins/machine.ts'
import { tryExamples } from '../support/try-examples.ts'

const page = 'docs/checks.md'

tryExamples(page, docker)
tryExamples(page, systemd)

describeWithTool(['chromium'], 'with Chromium', () => {
  tryExamples(page, browser)
})
