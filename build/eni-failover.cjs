#!/usr/bin/env node
/** What `npx eni-failover` starts: the bundle, which is made anew when its sources have changed. */
const { pathToFileURL } = require('node:url');
const { bundleOnce } = require('./cli-bundle.cjs');

// The SDK's notice about the version of Node would stand in front of every answer.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

bundleOnce()
  .then((entry) => import(pathToFileURL(entry).href))
  .catch((error) => {
    process.stderr.write(`error: ${error.message}\n`);
    process.exitCode = 1;
  });
