import type { ApiFailure } from '../api/api-client.ts'
import { Notice } from '../ui/notice.tsx'

export function FailureNotice({ failure }: { readonly failure: ApiFailure | null }) {
  if (failure === null) return null
  return (
    <Notice tone="danger" icon="warning" role="alert" title={failure.what}>
      <p>{failure.remedy}</p>
    </Notice>
  )
}
