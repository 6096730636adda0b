export { createApp, type AppOptions } from './app.js';
export { listen, type Listening, type ListenOptions } from './listen.js';
