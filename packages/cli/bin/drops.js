#!/usr/bin/env node
// Kept in old syntax, so that an old Node says what is wrong instead of a syntax error.
var major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error('drops needs Node 20 or newer; this is ' + process.version);
  process.exitCode = 1;
} else {
  var words = process.argv.slice(2);
  var end = function (code) {
    process.exitCode = code;
  };
  var runAny = function (drops) {
    return drops.main(words).then(end);
  };
  import('../dist/offline.mjs').then(
    function (offline) {
      var run = offline.main(words);
      return run ? run.then(end) : import('../dist/drops.mjs').then(runAny);
    },
    function (error) {
      var missing = error && error.code === 'ERR_MODULE_NOT_FOUND';
      console.error(
        missing
          ? 'drops is not built yet: run `npm start` or `npm test` once (' + error.message + ')'
          : error,
      );
      process.exitCode = 1;
    },
  );
}
