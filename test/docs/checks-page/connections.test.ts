import { connections } from './stand-ins/connections.ts'
import { tryExamples } from '../support/try-examples.ts'

tryExamples('docs/checks.md', connections)
