/** An address of a database or broker as it may stand in errors and logs. */
export function withoutPassword(text: string): string {
  try {
    const url = new URL(text)
    url.password = ''
    return url.href
  } catch {
    return 'an address that is no URL'
  }
}
