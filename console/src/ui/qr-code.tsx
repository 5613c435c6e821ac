import encodeQR from 'qr'
import { useId } from 'react'

/** Modules of quiet around it (ISO/IEC 18004, 9.1). */
const QUIET = 4

export interface QrCodeProps {
  readonly content: string
  readonly label: string
}

/** Dark on light whatever the theme: cameras want it so. */
export function QrCode({ content, label }: QrCodeProps) {
  const titleId = useId()
  const rows = encodeQR(content, 'raw', { border: QUIET })
  const path = rows.flatMap((row, y) => row.map((isDark, x) => (isDark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
  return (
    <svg
      className="qr-code"
      viewBox={`0 0 ${rows.length} ${rows.length}`}
      aria-labelledby={titleId}
      shapeRendering="crispEdges"
    >
      <title id={titleId}>{label}</title>
      <rect width="100%" height="100%" fill="#fff" />
      <path d={path} fill="#000" />
    </svg>
  )
}
