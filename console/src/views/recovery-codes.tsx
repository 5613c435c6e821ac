import { useText } from '../i18n/use-text.ts'
import { Button } from '../ui/button.tsx'
import { Notice } from '../ui/notice.tsx'

export interface RecoveryCodesProps {
  readonly codes: readonly string[]
  readonly onKept: () => void
}

/** Shown once, until somebody says that they are kept. */
export function RecoveryCodes({ codes, onKept }: RecoveryCodesProps) {
  const text = useText().account.factors
  return (
    <output>
      <Notice tone="attention" icon="warning" title={text.codes}>
        <p>{text.keepCodes}</p>
        <ol className="recovery-codes">
          {codes.map((code) => (
            <li key={code}>
              <code>{code}</code>
            </li>
          ))}
        </ol>
        <div className="actions">
          <Button tone="primary" onPress={onKept}>
            {text.codesKept}
          </Button>
        </div>
      </Notice>
    </output>
  )
}
