import { web } from './stand-ins/web.ts'
import { tryExamples } from '../support/try-examples.ts'

tryExamples('docs/checks.md', web)
