// Node's own clock, whatever has taken the place of the globals: a page's timers are numbers, a test's stand still.
'use strict';
module.exports = { ...require('node:timers'), performance: require('node:perf_hooks').performance };
