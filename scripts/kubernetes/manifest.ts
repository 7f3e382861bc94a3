import { stringify } from 'yaml'

/**
 * Writes a file of Kubernetes or Prometheus.
 *
 * @param source What the file is made from.
 */
export function manifest(source: string, content: unknown): string {
  const text = stringify(content, { aliasDuplicateObjects: false, lineWidth: 0, singleQuote: true })
  return `# Made from ${source} by \`npm run generate\`: edit that instead.\n${text}`
}
