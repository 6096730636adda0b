export { isLoopback } from './address.js';
export { createApp, type AppOptions } from './app.js';
export { openDoor, type Door, type DoorOptions } from './door.js';
export {
  listen,
  serveConnections,
  type ConnectionServer,
  type Listening,
  type ListenOptions,
  type ServeOptions,
} from './listen.js';
export type { CountedRequests } from './rate-limit.js';
