import { Toolbar } from 'react-aria-components/Toolbar'
import { useText } from '../i18n/use-text.ts'
import type { Viewpoint } from '../scene/index.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'

const PAN_SHARE = 0.08
const ZOOM_STEP = 1.25
const TURN_RAD = Math.PI / 12

interface KeyPress {
  readonly key: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
}

/** Moves the view by a key; whether the key meant anything. */
export function mapKey(view: Viewpoint, event: KeyPress): boolean {
  if (event.ctrlKey || event.metaKey || event.altKey) return false
  switch (event.key) {
    case 'ArrowLeft':
      view.panBy(-PAN_SHARE, 0)
      return true
    case 'ArrowRight':
      view.panBy(PAN_SHARE, 0)
      return true
    case 'ArrowUp':
      view.panBy(0, PAN_SHARE)
      return true
    case 'ArrowDown':
      view.panBy(0, -PAN_SHARE)
      return true
    case '+':
    case '=':
      view.zoomBy(ZOOM_STEP)
      return true
    case '-':
      view.zoomBy(1 / ZOOM_STEP)
      return true
    case '0':
      view.fit()
      return true
    case 'q':
      view.turnBy(-TURN_RAD)
      return true
    case 'e':
      view.turnBy(TURN_RAD)
      return true
    default:
      return false
  }
}

/** The same by buttons, for who cannot or will not drag. */
export function MapTools({ viewpoint }: { readonly viewpoint: Viewpoint | null }) {
  const text = useText()
  if (viewpoint === null) return null
  return (
    <Toolbar className="map-tools" aria-label={text.map.tools}>
      <Button isSquare aria-label={text.map.zoomIn} onPress={() => viewpoint.zoomBy(ZOOM_STEP)}>
        <Icon name="plus" />
      </Button>
      <Button isSquare aria-label={text.map.zoomOut} onPress={() => viewpoint.zoomBy(1 / ZOOM_STEP)}>
        <Icon name="minus" />
      </Button>
      <Button isSquare aria-label={text.map.fit} onPress={() => viewpoint.fit()}>
        <Icon name="fit" />
      </Button>
    </Toolbar>
  )
}
