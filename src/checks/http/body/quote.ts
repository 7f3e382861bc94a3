/** What may be long, as it stands in a message. */
export function quote(text: string): string {
  return `"${clip(text)}"`
}

export function clip(text: string): string {
  return text.length > 100 ? `${text.slice(0, 100)}…` : text
}
