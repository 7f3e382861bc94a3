import { describeWithPostgres } from '../../support/programs/postgres.ts'
import { postgres } from './stand-ins/postgres.ts'
import { tryExamples } from '../support/try-examples.ts'

describeWithPostgres('with PostgreSQL', () => {
  tryExamples('docs/checks.md', postgres)
})
