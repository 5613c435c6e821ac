import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A server of files on this machine, each as a test wants it answered. */
export async function startMapServer() {
  const answers = new Map<string, (response: ServerResponse, request: IncomingMessage) => void>()
  const asked: string[] = []
  const server = createServer((request, response) => {
    asked.push(request.url!)
    const answer = answers.get(request.url!)
    if (answer === undefined) response.writeHead(404).end()
    else answer(response, request)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url,
    /** Paths, in their order. */
    asked,
    /** @returns the link */
    answer(path: string, how: (response: ServerResponse, request: IncomingMessage) => void): string {
      answers.set(path, how)
      return `${url}${path}`
    },
    /** @returns the link */
    serve(path: string, body: string | Uint8Array): string {
      return this.answer(path, (response) => response.end(body))
    },
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

export type MapServer = Awaited<ReturnType<typeof startMapServer>>
