export { createApp, type AppOptions } from './app.js';
export { listen, type Listening, type ListenOptions } from './listen.js';
export { isLoopback, urlOf } from './address.js';
