import { createHash } from 'node:crypto'
import { didYouMean } from '../../settings/values/closest.ts'
import { ExpansionError } from '../../settings/secrets.ts'
import type { Written } from '../document/document.ts'
import { isMapping, read, type Reading } from '../document/parts.ts'
import type { Path } from '../../settings/path.ts'
import { seen } from '../../settings/values/value.ts'
import { webOfNames, webOfPages } from '../document/web.ts'
import { simplePage, type PageGroup, type PageLogo, type PublicPage } from '../public-page.ts'

/** All targets by their names. Undefined: there may be others. */
type Known = Pick<ReadonlyMap<string, unknown>, 'has' | 'keys'> | undefined

/** Bytes: the page is small, and so is what is on it. */
const maxLogoBytes = 32 * 1024

/** The pages of `web.public`; undefined where it is not there. What is wrong with them is reported. */
export function readPublicPages(
  written: Written,
  targets: Known,
  reading: Reading,
): readonly PublicPage[] | undefined {
  const list = isMapping(written.value) ? written.value['public'] : undefined
  if (isMapping(list)) {
    reporter(written.place, reading)(
      ['public'],
      'expected the names of targets, or a list of pages, each of which begins with a hyphen: - path: /status/shop',
    )
    return undefined
  }
  return Array.isArray(list) && list.some(isMapping)
    ? readPages(written, targets, reading)
    : readNames(written, Array.isArray(list), targets, reading)
}

function readNames(
  { value, place }: Written,
  isList: boolean,
  targets: Known,
  reading: Reading,
): readonly PublicPage[] | undefined {
  const names = read(webOfNames, value, place, reading).value?.public
  if (!names) return undefined
  const report = reporter(place, reading)
  for (const [index, name] of names.entries())
    checkTarget(name, isList ? ['public', index] : ['public'], targets, report)
  return [simplePage(names)]
}

function readPages(
  { value, place }: Written,
  targets: Known,
  reading: Reading,
): readonly PublicPage[] | undefined {
  const report = reporter(place, reading)
  const pages = read(webOfPages, value, place, reading).value?.public
  const taken = new Set<string>()
  const once = (what: string, path: Path): void => {
    if (taken.has(what)) report(path, `${seen} is already that of another page`)
    taken.add(what)
  }
  return pages?.map((page, index) => {
    const at: Path = ['public', index]
    const {
      path,
      host,
      title,
      logo,
      colours = {},
      words = {},
      lang = 'en',
      incidents = false,
      subscribe,
    } = page
    once(path, [...at, 'path'])
    if (subscribe) checkChannel(subscribe.channel, [...at, 'subscribe', 'channel'], report, reading)
    if (host !== undefined) once(host, [...at, 'host'])
    const groups: PageGroup[] = [...(page.targets ? [{ targets: page.targets }] : []), ...(page.groups ?? [])]
    if (groups.length === 0) report(at, 'shows nothing: add targets or groups')
    const shown = new Set<string>()
    const check = (names: readonly string[], below: Path): void => {
      for (const [position, name] of names.entries()) {
        const of = [...below, position]
        if (shown.has(name)) report(of, `the page shows ${seen} twice`)
        shown.add(name)
        checkTarget(name, of, targets, report)
      }
    }
    check(page.targets ?? [], [...at, 'targets'])
    for (const [position, group] of (page.groups ?? []).entries())
      check(group.targets, [...at, 'groups', position, 'targets'])
    const picture = logo === undefined ? undefined : readLogo(logo, [...at, 'logo'], report, reading)
    return {
      path,
      ...(host !== undefined && { host }),
      ...(title !== undefined && { title }),
      ...(picture && { logo: picture }),
      ...(colours.accent !== undefined && { accent: colours.accent }),
      ...(colours.accent_dark !== undefined && { accentDark: colours.accent_dark }),
      groups,
      words,
      language: lang,
      incidents,
      ...(subscribe && { subscribe }),
    }
  })
}

type Report = (path: Path, message: string) => void

function reporter(place: Written['place'], { issues }: Reading): Report {
  return (path, message) => {
    issues.add(place, path, 'value', message)
  }
}

function checkTarget(name: string, path: Path, targets: Known, report: Report): void {
  if (targets && !targets.has(name))
    report(path, `there is no target ${seen}${didYouMean(name, targets.keys())}`)
}

function checkChannel(name: string, path: Path, report: Report, { channels }: Reading): void {
  if (channels && !channels.includes(name))
    report(path, `there is no channel ${seen} in notify.yml${didYouMean(name, channels)}`)
}

/** What a file begins with says what it is: its name is only what somebody has called it. */
const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a])

function readLogo(name: string, path: Path, report: Report, { expander }: Reading): PageLogo | undefined {
  try {
    const content = expander.readBytes(name, maxLogoBytes)
    const isPng = content.subarray(0, png.length).equals(png)
    const hash = createHash('sha256').update(content).digest('hex').slice(0, 12)
    if (isPng) return { name: `logo-${hash}.png`, type: 'image/png', content }
    if (/^\uFEFF?\s*(<\?xml[^>]*>\s*)?(<!--[^]*?-->\s*)*<svg[\s>]/.test(content.toString('utf8')))
      return { name: `logo-${hash}.svg`, type: 'image/svg+xml', content }
    report(path, `${seen} is neither an SVG nor a PNG file`)
  } catch (error) {
    if (!(error instanceof ExpansionError)) throw error
    report(path, error.message)
  }
  return undefined
}
