import { useEffect, useRef, useState } from 'react'
import type { RoomModel, Surface } from '@wardlight/core/disinfection'
import type { Point2 } from '@wardlight/core/geometry'
import { useText } from '../i18n/use-text.ts'
import type { DoseScene } from '../scene/index.ts'
import { Notice } from '../ui/notice.tsx'
import { MapTools, mapKey } from './map-tools.tsx'

export interface DoseViewProps {
  readonly label: string
  readonly room: RoomModel
  readonly surfaces: readonly Surface[]
  readonly dosesMjPerCm2: readonly number[]
  readonly targetMjPerCm2: number
  readonly stops: readonly Point2[]
}

/** The dose on a room's surfaces in three dimensions; the scene is loaded on its own. */
export function DoseView({ label, room, surfaces, dosesMjPerCm2, targetMjPerCm2, stops }: DoseViewProps) {
  const text = useText()
  const host = useRef<HTMLDivElement>(null)
  const [scene, setScene] = useState<DoseScene | null>(null)
  const [isMissing, setMissing] = useState(false)
  useEffect(() => {
    let made: DoseScene | null = null
    let isCurrent = true
    void import('../scene/index.ts').then(({ createDoseScene, isWebGlAvailable }) => {
      if (!isCurrent || host.current === null) return
      if (!isWebGlAvailable()) return setMissing(true)
      made = createDoseScene(host.current, {
        dose: { room, surfaces, dosesMjPerCm2, targetMjPerCm2 },
        stops,
      })
      setScene(made)
    })
    return () => {
      isCurrent = false
      made?.dispose()
      setScene(null)
    }
  }, [room, surfaces, dosesMjPerCm2, targetMjPerCm2, stops])
  if (isMissing) {
    return (
      <Notice icon="info" title={text.map.noWebGl}>
        <p>{text.map.noWebGlHint}</p>
      </Notice>
    )
  }
  return (
    <div className="map dose-view">
      {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions */}
      <div
        ref={host}
        className="map-canvas"
        role="application"
        aria-label={label}
        // eslint-disable-next-line jsx-a11y/no-noninteractive-tabindex
        tabIndex={0}
        onKeyDown={(event) => {
          if (scene !== null && mapKey(scene, event)) event.preventDefault()
        }}
      />
      <MapTools viewpoint={scene} />
    </div>
  )
}
