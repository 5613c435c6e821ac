import type { ReactNode } from 'react'
import { Button as AriaButton } from 'react-aria-components/Button'
import { Disclosure as AriaDisclosure, DisclosurePanel } from 'react-aria-components/Disclosure'
import { Heading } from 'react-aria-components/Heading'
import { Icon } from './icon.tsx'

export interface DisclosureProps {
  readonly title: string
  /** What is set inside, in a few words, so that it need not be opened to be known. */
  readonly summary?: string
  readonly children: ReactNode
}

/** What few people need, one press away. */
export function Disclosure({ title, summary, children }: DisclosureProps) {
  return (
    <AriaDisclosure className="disclosure">
      <Heading level={4} className="disclosure-heading">
        <AriaButton slot="trigger" className="button button-quiet disclosure-button">
          <Icon name="chevron" />
          <span>
            {title}
            {summary !== undefined && <span className="field-hint"> {summary}</span>}
          </span>
        </AriaButton>
      </Heading>
      <DisclosurePanel className="disclosure-panel">
        <div className="stack">{children}</div>
      </DisclosurePanel>
    </AriaDisclosure>
  )
}
