#!/usr/bin/env node
// Kept in old syntax, so that an old Node says what is wrong instead of a syntax error.
var major = Number(process.versions.node.split('.')[0]);
if (major < 20) {
  console.error('drops needs Node 20 or newer; this is ' + process.version);
  process.exitCode = 1;
} else {
  import('../dist/drops.mjs').then(
    function (drops) {
      return drops.main(process.argv.slice(2)).then(function (code) {
        process.exitCode = code;
      });
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
