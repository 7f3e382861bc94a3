/** The way from a document's root to one of its values. */
export type Path = readonly (string | number)[]

/** `targets[1].expect.json["$.state"]`: keys that are not plain words are quoted. */
export function formatPath(path: Path): string {
  let text = ''
  for (const step of path) {
    if (typeof step === 'number') text += `[${step}]`
    else if (/^[A-Za-z_][\w-]*$/.test(step)) text += text === '' ? step : `.${step}`
    else text += `[${JSON.stringify(step)}]`
  }
  return text
}
