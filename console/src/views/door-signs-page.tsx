import { useState } from 'react'
import type { RoomView } from '@wardlight/core/fleet'
import { useText } from '../i18n/use-text.ts'
import { nameOrder } from '../store/fleet-selectors.ts'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'
import { Notice } from '../ui/notice.tsx'
import { QrCode } from '../ui/qr-code.tsx'
import { SegmentsField } from '../ui/segments.tsx'
import { Select } from '../ui/select.tsx'
import { useConsole } from './console-context.ts'
import { mayPrintSigns } from './roles.ts'
import { hrefOf } from './route.ts'
import { useFleet } from './use-fleet.ts'

type SignSize = 'a6' | 'a5'

/** On a page of A4. */
const SIGNS_PER_PAGE: Readonly<Record<SignSize, number>> = { a6: 4, a5: 2 }
/** Of the choice that stands for rooms of no ward; a ward has a name. */
const NO_WARD = ''
/** Names of a machine for itself: another one that follows them reaches itself. */
const OWN_NAMES = /^(localhost|127\.|\[::1\])/

/** A sign for every door of a ward, to print and to cut. */
export function DoorSignsPage() {
  const text = useText()
  const { serverInfo, user } = useConsole()
  const live = useFleet((state) => state.live)
  const [chosenWard, setWard] = useState<string | null>(null)
  const [size, setSize] = useState<SignSize>('a6')
  const rooms = Object.values(live?.rooms ?? {})
  const wards = [...new Set(rooms.map(({ ward }) => ward ?? NO_WARD))].toSorted(
    // What belongs to nobody comes last.
    (a, b) => Number(a === NO_WARD) - Number(b === NO_WARD) || nameOrder.compare(a, b),
  )
  const ward = chosenWard ?? wards[0] ?? NO_WARD
  const shown = rooms
    .filter((room) => (room.ward ?? NO_WARD) === ward)
    .toSorted((a, b) => nameOrder.compare(a.name, b.name))
  const perPage = SIGNS_PER_PAGE[size]
  const pages = Array.from({ length: Math.ceil(shown.length / perPage) }, (_, page) =>
    shown.slice(page * perPage, (page + 1) * perPage),
  )
  const origin = serverInfo.publicOrigin ?? window.location.origin
  const isOwnName = OWN_NAMES.test(new URL(origin).host)
  if (!mayPrintSigns(user.role)) {
    return (
      <main id="content" className="report stack">
        <h1>{text.door.signs.title}</h1>
        <p>{text.door.signs.onlyStaff}</p>
      </main>
    )
  }
  return (
    <main id="content" className="report stack door-signs">
      <header className="stack no-print">
        <div>
          <h1>{text.door.signs.title}</h1>
          <p className="report-subject">{text.door.signs.subject}</p>
        </div>
        {isOwnName || serverInfo.publicOrigin === null ? (
          <Notice tone={isOwnName ? 'danger' : 'attention'} icon="warning">
            <p>{isOwnName ? text.door.signs.addressLocal(origin) : text.door.signs.addressUnset(origin)}</p>
          </Notice>
        ) : (
          <p>{text.door.signs.address(origin)}</p>
        )}
        {shown.length === 0 ? (
          <p className="card">{live === null ? text.loading : text.door.signs.none}</p>
        ) : (
          <>
            <div className="field-grid">
              <Select
                label={text.door.signs.ward}
                placeholder={text.door.signs.ward}
                value={ward}
                choices={wards.map((id) => ({
                  id,
                  label: id === NO_WARD ? text.door.signs.noWard : id,
                }))}
                onChange={setWard}
              />
              <SegmentsField
                label={text.door.signs.size}
                value={size}
                onChange={setSize}
                choices={(['a6', 'a5'] as const).map((id) => ({ id, label: text.door.signs.sizes[id] }))}
              />
            </div>
            <p className="field-hint">{text.door.signs.count(shown.length, pages.length)}</p>
            <div className="actions">
              <Button tone="primary" onPress={() => window.print()}>
                <Icon name="printer" />
                {text.door.signs.print}
              </Button>
            </div>
          </>
        )}
      </header>
      <div className="sign-sheets">
        {pages.map((page) => (
          <div key={page[0]!.id} className={`sign-sheet sign-sheet-${size}`}>
            {page.map((room) => (
              <DoorSign key={room.id} room={room} origin={origin} />
            ))}
          </div>
        ))}
      </div>
    </main>
  )
}

function DoorSign({ room, origin }: { readonly room: RoomView; readonly origin: string }) {
  const text = useText()
  const { serverInfo } = useConsole()
  const address = `${origin}/${hrefOf({ page: 'door', roomId: room.id })}`
  return (
    <article className="sign">
      <header>
        <h2>{room.name}</h2>
        {room.ward !== null && <p className="sign-ward">{room.ward}</p>}
      </header>
      <QrCode content={address} label={text.door.signs.code(room.name)} />
      <footer>
        <p className="sign-scan">{text.door.signs.scan}</p>
        <p className="sign-address">
          {serverInfo.hospitalName} · {address}
        </p>
      </footer>
    </article>
  )
}
