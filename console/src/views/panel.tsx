import { useEffect, useRef, type ReactNode } from 'react'
import { Button } from '../ui/button.tsx'
import { Icon } from '../ui/icon.tsx'

export interface PanelProps {
  readonly title: string
  readonly label: string
  readonly closeLabel: string
  readonly subtitle?: ReactNode
  readonly onClose: () => void
  readonly children: ReactNode
}

/** What stands beside the map about the chosen thing. It takes the focus when it opens. */
export function Panel({ title, label, closeLabel, subtitle, onClose, children }: PanelProps) {
  const heading = useRef<HTMLHeadingElement>(null)
  useEffect(() => heading.current?.focus({ preventScroll: true }), [label])
  return (
    // Escape anywhere in it closes it, besides the button that does.
    // oxlint-disable-next-line jsx-a11y/no-noninteractive-element-interactions
    <section
      className="panel"
      aria-label={label}
      onKeyDown={(event) => {
        if (event.key === 'Escape' && !event.defaultPrevented) onClose()
      }}
    >
      <header className="panel-header">
        <div>
          <h2 ref={heading} tabIndex={-1}>
            {title}
          </h2>
          {subtitle}
        </div>
        <Button tone="quiet" isSquare aria-label={closeLabel} onPress={onClose}>
          <Icon name="close" />
        </Button>
      </header>
      <div className="panel-body">{children}</div>
    </section>
  )
}
