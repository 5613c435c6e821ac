import type { ReactNode } from 'react'
import type { IconName } from '../look/icon-paths.ts'
import { Icon } from './icon.tsx'

export interface NoticeProps {
  readonly tone?: 'plain' | 'attention' | 'danger' | 'good' | 'lamp'
  readonly icon?: IconName
  readonly title?: string
  /** `alert` interrupts a screen reader, `status` waits its turn. */
  readonly role?: 'alert' | 'status'
  readonly children?: ReactNode
}

export function Notice({ tone = 'plain', icon = 'info', title, role, children }: NoticeProps) {
  return (
    <div className={`notice notice-${tone}`} {...(role === undefined ? {} : { role })}>
      <Icon name={icon} />
      <div>
        {title !== undefined && <p className="notice-title">{title}</p>}
        {children}
      </div>
    </div>
  )
}
