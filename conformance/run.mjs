// Plays the conformance cases: `node conformance/run.mjs --url http://127.0.0.1:7700`. Needs a build first.
import { main } from './dist/main.js';

process.exitCode = await main(process.argv.slice(2));
