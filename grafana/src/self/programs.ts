import type { Row } from '../frame.ts'
import { table } from '../panels/table.ts'
import { timeseries } from '../panels/timeseries.ts'
import { withLabel } from '../selectors.ts'

/** The programs that make up the stack, whatever their jobs are called. */
const programs = '{__name__=~"(probity|probity_notifier|prometheus|alertmanager)_build_info"}'

/** What of an expression is about them. */
function ofPrograms(expr: string): string {
  return `(${expr} and on (job, instance) ${programs})`
}

const running = withLabel(
  `time() - ${ofPrograms('process_start_time_seconds')}`,
  'version',
  programs,
  'job, instance',
)

/** What runs, and what it needs. */
export const programsRow: Row = {
  id: 140,
  title: 'Programs',
  height: 8,
  panels: [
    timeseries({
      id: 20,
      title: 'Memory',
      shows: 'Memory that each program holds.',
      whenBad:
        'Near the limit in docker-compose.yml the program is about to be killed: raise the limit in `.env`.',
      unit: 'bytes',
      width: 8,
      min: 0,
      queries: [
        {
          expr: `max by (job, instance) ${ofPrograms('process_resident_memory_bytes')}`,
          legend: '{{job}} {{instance}}',
        },
      ],
    }),
    timeseries({
      id: 21,
      title: 'CPU',
      shows: 'CPU seconds that each program uses per second.',
      whenBad:
        'The exporter near 1: it runs on one core, so run more exporters. Prometheus: see how long its rules take.',
      unit: 'percentunit',
      width: 8,
      min: 0,
      queries: [
        {
          expr: `sum by (job, instance) ${ofPrograms('rate(process_cpu_seconds_total[$__rate_interval])')}`,
          legend: '{{job}} {{instance}}',
        },
      ],
    }),
    table({
      id: 22,
      title: 'Versions',
      shows: 'What runs, and since when.',
      whenBad:
        'A program that started a short time ago without an upgrade was killed or crashed: look at its log.',
      width: 8,
      labels: [
        { label: 'job', name: 'Program', width: 120 },
        { label: 'instance', name: 'Address' },
        { label: 'version', name: 'Version', width: 100 },
      ],
      columns: [
        {
          name: 'Running for',
          unit: 'dtdurations',
          width: 140,
          expr: `max by (job, instance, version) (${running})`,
        },
      ],
      sortBy: 'Running for',
      ascending: true,
    }),
  ],
}
