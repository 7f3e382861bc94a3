import { describe, expect, it } from 'vitest'
import { join } from 'node:path'
import { root } from '../../../scripts/stack/shipped-files.ts'
import { healthchecksImporter } from '../../../src/foreign/healthchecks/import.ts'
import { importDocument, importFile } from '../support.ts'

const fixture = (name: string): string => join(root, 'test/commands/import/fixtures/healthchecks', name)

describe('probity import healthchecks', () => {
  it('makes a job of each check, with the UUID as its token', async () => {
    const { config, text, secrets } = await importFile(healthchecksImporter, fixture('documented.json'))
    expect(config.target('Filesystem Backup')).toMatchObject({
      labels: { backup: 'true', fs: 'true' },
      check: {
        kind: 'heartbeat',
        rhythm: 3600,
        grace: 600,
        maxRuntime: 600,
        token: '31365bce-8da9-4729-8ff3-aaa71d56b712',
      },
    })
    expect(config.target('Database Backup')?.check).toMatchObject({
      rhythm: { cron: '15 5 * * *', timezone: 'UTC' },
      grace: 1200,
    })
    expect(Object.keys(secrets).sort()).toEqual(['HC_DATABASE_BACKUP', 'HC_FILESYSTEM_BACKUP'])
    expect(text).not.toContain('31365bce')
  })

  it('keeps what is paused, and names that are the same', async () => {
    const { config } = await importFile(healthchecksImporter, fixture('more.json'))
    expect(config.target('Report')).toMatchObject({
      paused: true,
      labels: { team_ops: 'true', own_job: 'true', _24h: 'true' },
      check: { rhythm: { cron: '0 3 * * 1-5', timezone: 'Europe/Berlin' } },
    })
    expect(config.target('Report (report-2)')?.check).toMatchObject({ grace: 0 })
    expect(config.target('unnamed')?.check).toMatchObject({ rhythm: 86_400 })
  })

  it('notes what could not be carried over', async () => {
    const { notes } = await importFile(healthchecksImporter, fixture('more.json'))
    for (const note of [
      'checks[0].manual_resume: edit enabled: to resume it',
      'checks[0].methods: calls of every method count',
      'checks[0].channels: notified 2 integrations: write their channels in notify.yml, and notify: here',
      'checks[1]: has no uuid, because it was read with a read-only key: without one, /ping/UUID does not reach it, and everybody may call',
      'checks[2].filter_http_body: the body of a call is kept, and not searched: call /fail when the job fails',
      'checks[3]: "Timer" is left out: "Mon..Fri *-*-* 03:00" is not five fields of cron that name a moment: write heartbeat: { schedule: ..., timezone: ... }',
      'checks[4]: "No zone" is left out: "Mars/Olympus" is not a known time zone',
    ])
      expect(notes).toContain(note)
  })

  it('reads one check, and a list of checks', async () => {
    const check = { name: 'a', grace: 60, timeout: 60, uuid: '11111111-2222-3333-4444-555555555555' }
    for (const document of [check, [check]]) {
      const { config } = await importDocument(healthchecksImporter, document)
      expect(config.targets.map(({ name }) => name)).toEqual(['a'])
    }
  })

  it.each([{ checks: [] }, { monitors: [{ grace: 1 }] }, []])('refuses %j', async (document) => {
    await expect(importDocument(healthchecksImporter, document)).rejects.toMatchObject({
      code: 'IMPORT_UNKNOWN',
    })
  })
})
