// The same for CommonJS.
import mlab = require('mlab-client');

const client: mlab.Client = new mlab.Client('key');
client.wait('1').then(({ output }) => output.join());
