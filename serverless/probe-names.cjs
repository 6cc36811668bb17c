const { listOf } = require('./checks.cjs');

/**
 * The names of the probe's functions: one probe for each subnet, and `watch`.
 * @param prefix of every name of the deployment
 */
function namesOf(prefix, probeSubnetIds) {
  const probes = listOf(probeSubnetIds).map((_, i) => `${prefix}-probe-${i + 1}`);
  return { probes, watch: `${prefix}-watch`, failover: `${prefix}-failover` };
}

module.exports = { namesOf };
