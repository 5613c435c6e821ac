import { isIP } from 'node:net'

/** Where the screen is served: on the robot itself, and to nobody else, unless the file says so. */
export const DEFAULT_SCREEN_HOST = '127.0.0.1'

/** Names under which only this machine reaches itself (RFC 6761, RFC 1122 3.2.1.3, RFC 4291 2.5.3). */
export function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'))
}

/** "All addresses" (RFC 1122 3.2.1.3, RFC 4291 2.5.2): it would open the screen to every network of the robot. */
export function isWildcard(host: string): boolean {
  return ['0.0.0.0', '::', '::ffff:0.0.0.0', ''].includes(host)
}

/**
 * Host headers that a page of this screen sends. Any other came by another name, as a page elsewhere
 * does that had its name point here (DNS rebinding).
 */
export function hostHeadersOf(host: string, port: number): readonly string[] {
  const names = isLoopback(host) ? [...new Set([host, 'localhost', '127.0.0.1', '::1'])] : [host]
  return names
    .map((name) => (isIP(name) === 6 ? `[${name}]` : name.toLowerCase()))
    .flatMap((name) => (port === 80 ? [name, `${name}:80`] : [`${name}:${port}`]))
}
