import { startMariadb } from '../../../support/programs/mariadb.ts'
import type { Rows } from '../../support/try-examples.ts'
import { secretOf } from '../../support/try-target.ts'

export const mariadb: Rows = {
  'sql: orders': {
    async start() {
      const { port, run } = await startMariadb()
      run(`
        create user monitor@'%' identified by '${secretOf('DB_PASSWORD')}';
        create table shop.orders (state varchar(20), changed datetime);
        grant select on shop.orders to monitor@'%';
        insert into shop.orders values ('paid', now()), ('sent', now() - interval 1 day)`)
      return {
        places: { 'mysql.example.com': `mysql.example.com:${port}` },
        fail: () => run("insert into shop.orders values ('paid', now() - interval 2 hour)"),
      }
    },
    reason: 'body',
    message: /^expected stuck to be 0, got another value \(number\)$/,
  },
}
