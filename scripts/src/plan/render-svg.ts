import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { initWasm, Resvg } from '@resvg/resvg-wasm'

/** The font that pictures are drawn with; it comes with Wardlight, a server may have none. */
export const FONT_FAMILY = 'Inter'

const resolve = createRequire(import.meta.url).resolve
let started: Promise<void> | undefined

/** An SVG as PNG. Letters beyond Latin have no glyph in the font and are left out. */
export async function renderSvg(svg: string): Promise<Uint8Array> {
  started ??= initWasm(readFileSync(resolve('@resvg/resvg-wasm/index_bg.wasm')))
  await started
  const fontBuffers = ['latin-400', 'latin-600', 'latin-ext-400', 'latin-ext-600'].map((face) =>
    readFileSync(resolve(`@fontsource/inter/files/inter-${face}-normal.woff2`)),
  )
  const picture = new Resvg(svg, { font: { fontBuffers, defaultFontFamily: FONT_FAMILY } })
  try {
    return picture.render().asPng()
  } finally {
    picture.free()
  }
}
