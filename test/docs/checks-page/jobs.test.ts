import { jobs } from './stand-ins/jobs.ts'
import { tryExamples } from '../support/try-examples.ts'

tryExamples('docs/checks.md', jobs)
