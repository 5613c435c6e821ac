import type { NewProtocol, ProtocolView } from '@wardlight/core/fleet'

/** A protocol to begin its next version from, as the address of a JSON file that `POST /api/protocols` takes. */
export function protocolFile(view: ProtocolView): string {
  const { origin: _, addedBy: __, addedAt: ___, isCurrent: ____, obstacle: _____, ...protocol } = view
  const next: NewProtocol = { ...protocol, version: view.version + 1 }
  return `data:application/json;charset=utf-8,${encodeURIComponent(`${JSON.stringify(next, null, 2)}\n`)}`
}
