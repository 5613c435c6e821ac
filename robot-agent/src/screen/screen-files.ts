import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'

export interface ScreenFile {
  readonly type: string
  readonly read: () => Buffer
}

/** Nothing from elsewhere, nothing inline, in no frame. */
export const SCREEN_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "font-src 'self'",
    "img-src 'self'",
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  // A page of yesterday's software must not watch over today's robot.
  'cache-control': 'no-store',
}

/** From `src/screen` and from `dist/screen` alike. */
const PAGE = new URL('../../public/', import.meta.url)
const FONT_PACKAGE = '@fontsource-variable/noto-sans-sc'
const FONT_FILE = /^\/fonts\/files\/(noto-sans-sc-[a-z0-9-]+\.woff2)$/

/** The only files there are, by their path. */
const PAGE_FILES: Readonly<Record<string, readonly [name: string, type: string]>> = {
  '/': ['screen.html', 'text/html; charset=utf-8'],
  '/icon.svg': ['icon.svg', 'image/svg+xml'],
  '/screen.css': ['screen.css', 'text/css; charset=utf-8'],
  '/screen.js': ['screen.js', 'text/javascript; charset=utf-8'],
  '/screen-errands.js': ['screen-errands.js', 'text/javascript; charset=utf-8'],
  '/screen-words.js': ['screen-words.js', 'text/javascript; charset=utf-8'],
}

/**
 * @param path of the request, without its query.
 * @returns `null` when there is no such file. What `read` throws is a broken installation.
 */
export function screenFile(path: string): ScreenFile | null {
  const page = Object.hasOwn(PAGE_FILES, path) ? PAGE_FILES[path] : undefined
  if (page !== undefined) {
    const [name, type] = page
    return { type, read: () => readFileSync(new URL(name, PAGE)) }
  }
  // The robot brings its letters along: a tablet without a Chinese font would show the warning as boxes.
  const fonts = createRequire(import.meta.url)
  if (path === '/fonts/index.css') {
    return {
      type: 'text/css; charset=utf-8',
      read: () => readFileSync(fonts.resolve(`${FONT_PACKAGE}/index.css`)),
    }
  }
  const font = FONT_FILE.exec(path)?.[1]
  if (font === undefined) return null
  try {
    const file = fonts.resolve(`${FONT_PACKAGE}/files/${font}`)
    return { type: 'font/woff2', read: () => readFileSync(file) }
  } catch {
    return null
  }
}
