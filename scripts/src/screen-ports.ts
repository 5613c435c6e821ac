import { createServer } from 'node:net'

const LAST_PORT = 65_535

/**
 * Ports for the robots' own screens: those after the console's. One that somebody has already is left out for
 * any that is free (0), so that two hospitals may run side by side; so are all when the console's is any.
 */
export async function screenPorts(consolePort: number, count: number): Promise<number[]> {
  if (consolePort === 0) return Array.from({ length: count }, () => 0)
  const ports: number[] = []
  for (let index = 0; index < count; index += 1) {
    const port = consolePort + 1 + index
    ports.push(port <= LAST_PORT && (await isFree(port)) ? port : 0)
  }
  return ports
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)))
  })
}
