import { useCallback, useState } from 'react'
import { ApiFailure } from '../api/api-client.ts'

export interface Action {
  readonly isPending: boolean
  /** Why the last try failed. */
  readonly failure: ApiFailure | null
  /** Runs `work`; a second call while one runs does nothing. */
  readonly run: (work: () => Promise<unknown>) => void
}

export function asFailure(error: unknown): ApiFailure {
  if (error instanceof ApiFailure) return error
  return new ApiFailure(0, error instanceof Error ? error.message : String(error), '')
}

/** Something a person asked the server for: never shown as done before the server says so. */
export function useAction(): Action {
  const [isPending, setPending] = useState(false)
  const [failure, setFailure] = useState<ApiFailure | null>(null)
  const run = useCallback(
    (work: () => Promise<unknown>) => {
      if (isPending) return
      setPending(true)
      setFailure(null)
      work()
        .catch((error: unknown) => setFailure(asFailure(error)))
        .finally(() => setPending(false))
    },
    [isPending],
  )
  return { isPending, failure, run }
}
