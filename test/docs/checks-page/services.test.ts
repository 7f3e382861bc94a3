import { mosquittoTools } from '../../support/programs/mosquitto.ts'
import { sshdTools } from '../../support/programs/sshd.ts'
import { describeWithTool } from '../../support/programs/tools.ts'
import { mqtt, redis, ssh } from './stand-ins/services.ts'
import { tryExamples } from '../support/try-examples.ts'

describeWithTool(['redis-server'], 'with Redis', () => {
  tryExamples('docs/checks.md', redis)
})

describeWithTool(mosquittoTools, 'with Mosquitto', () => {
  tryExamples('docs/checks.md', mqtt)
})

// Optional: to install it opens a machine to the network.
describeWithTool(
  sshdTools,
  'with OpenSSH',
  () => {
    tryExamples('docs/checks.md', ssh)
  },
  { optional: true },
)
