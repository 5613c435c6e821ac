export { readMapServer } from './read-map-server.ts'
