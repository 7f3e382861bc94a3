import { chromium, type Browser } from 'playwright-core'
import { findTool } from './find-tool.ts'

/** What a browser of ours must not do on its own: it is to talk to one server alone. */
const flags = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
  '--disable-dev-shm-usage',
]

/** Starts the system's Chromium. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({ executablePath: findTool('chromium') ?? 'chromium', args: flags })
}
