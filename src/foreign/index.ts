import type { ForeignFormat } from '../config/foreign.ts'
import { readModulesFrom } from './blackbox/modules-from.ts'
import { asNotify, asTargets } from './minitor/trees.ts'
import type { Importer } from './shared/importer.ts'
import { strangersFormat } from './strangers.ts'

/** Another program, and what is read of it. */
interface ForeignProgram {
  /** As its import is named on the command line. */
  readonly name: string
  /** What the loaders read of it as it is. Default: nothing. */
  readonly format?: ForeignFormat
  /** Loaded only when something is imported. */
  readonly importer: () => Promise<Importer>
}

/** Every program whose configuration is read. A new one is a folder and a row here. */
export const foreignPrograms: readonly ForeignProgram[] = [
  {
    name: 'blackbox',
    format: { readModules: readModulesFrom },
    importer: async () => (await import('./blackbox/import.ts')).blackboxImporter,
  },
  { name: 'gatus', importer: async () => (await import('./gatus/import.ts')).gatusImporter },
  {
    name: 'healthchecks',
    importer: async () => (await import('./healthchecks/import.ts')).healthchecksImporter,
  },
  {
    name: 'httpcheck',
    importer: async () => (await import('./httpcheck/import.ts')).httpcheckImporter,
  },
  { name: 'metrist', importer: async () => (await import('./metrist/import.ts')).metristImporter },
  {
    name: 'minitor',
    format: { asTargets, asNotify },
    importer: async () => (await import('./minitor/import.ts')).minitorImporter,
  },
  { name: 'nagios', importer: async () => (await import('./nagios/import.ts')).nagiosImporter },
  { name: 'postman', importer: async () => (await import('./postman/import.ts')).postmanImporter },
  {
    name: 'uptime-kuma',
    importer: async () => (await import('./uptime-kuma/import.ts')).uptimeKumaImporter,
  },
]

/** What the loaders of targets.yml and notify.yml need to know. */
export const foreignFormats: readonly ForeignFormat[] = [
  strangersFormat,
  ...foreignPrograms.flatMap(({ format }) => format ?? []),
]
