import { describeWithTool } from '../../support/programs/tools.ts'
import { mariadb } from './stand-ins/mariadb.ts'
import { tryExamples } from '../support/try-examples.ts'

describeWithTool(['/usr/sbin/mariadbd', 'mariadb-install-db', 'mariadb'], 'with MariaDB', () => {
  tryExamples('docs/checks.md', mariadb)
})
