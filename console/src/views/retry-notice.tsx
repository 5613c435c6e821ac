import type { ApiFailure } from '../api/api-client.ts'
import { useText } from '../i18n/use-text.ts'
import { Button } from '../ui/button.tsx'
import { FailureNotice } from './failure-notice.tsx'

/** Why something could not be loaded, and the way to try again; nothing when it could. */
export function RetryNotice({
  failure,
  onRetry,
}: {
  readonly failure: ApiFailure | null
  readonly onRetry: () => void
}) {
  const text = useText()
  if (failure === null) return null
  return (
    <>
      <FailureNotice failure={failure} />
      <Button onPress={onRetry}>{text.retry}</Button>
    </>
  )
}
