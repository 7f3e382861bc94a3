import { names } from './stand-ins/names.ts'
import { tryExamples } from '../support/try-examples.ts'

tryExamples('docs/checks.md', names)
