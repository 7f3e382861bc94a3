import { jobs } from './stand-ins/jobs.ts'
import { tryExamples } from './try-examples.ts'

tryExamples(jobs)
