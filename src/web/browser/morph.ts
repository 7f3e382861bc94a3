/** Elements that a script has filled are left as they are. */
const kept = 'data-kept'
/** Set by scripts, so that its absence from the server's page says nothing. */
const own = new Set(['hidden', 'open'])

/**
 * Makes one element like another by changing only what differs: focus, selection, scroll position and open details stay, and
 * nothing flickers. Children with a `data-key` are the same wherever they stand.
 */
export function morph(from: Element, to: Element): void {
  if (from.hasAttribute(kept)) return
  for (const { name } of [...from.attributes])
    if (!to.hasAttribute(name) && !own.has(name)) from.removeAttribute(name)
  for (const { name, value } of to.attributes)
    if (!own.has(name) && from.getAttribute(name) !== value) from.setAttribute(name, value)
  morphChildren(from, to)
}

function morphChildren(from: Element, to: Element): void {
  const keyed = new Map<string, Element>()
  for (const child of from.children) {
    const key = child.getAttribute('data-key')
    if (key !== null) keyed.set(key, child)
  }
  let at: ChildNode | null = from.firstChild
  for (const wanted of [...to.childNodes]) {
    const key = wanted instanceof Element ? wanted.getAttribute('data-key') : null
    const known = key === null ? at : (keyed.get(key) ?? null)
    if (known && isLike(known, wanted)) {
      if (known !== at) from.insertBefore(known, at)
      else at = known.nextSibling
      if (known instanceof Element && wanted instanceof Element) morph(known, wanted)
      else if (known.nodeValue !== wanted.nodeValue) known.nodeValue = wanted.nodeValue
      continue
    }
    from.insertBefore(document.importNode(wanted, true), at)
  }
  while (at) {
    const next: ChildNode | null = at.nextSibling
    at.remove()
    at = next
  }
}

function isLike(a: ChildNode, b: ChildNode): boolean {
  if (a.nodeType !== b.nodeType || a.nodeName !== b.nodeName) return false
  if (!(a instanceof Element && b instanceof Element)) return true
  return a.getAttribute('data-key') === b.getAttribute('data-key')
}
