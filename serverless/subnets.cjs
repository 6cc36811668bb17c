/** What only AWS can say of the probe's subnets and security groups. Asked before a deployment changes anything; packaging asks nobody. */

/**
 * @param subnets as DescribeSubnets has them
 * @returns faults, with which it cannot be deployed, and warnings: a sentence each
 */
function judgeSubnets(subnets) {
  const differs = (property) => new Set(subnets.map((each) => each[property])).size === subnets.length;
  if (subnets.length < 2) return { faults: [], warnings: [] };
  const list = (property) => subnets.map((each) => `${each.SubnetId} in ${each[property]}`).join(', ');
  const faults = differs('VpcId')
    ? [`probeSubnetIds must be of one VPC, or one of the probes sees nothing: ${list('VpcId')}.`]
    : [];
  const warnings = differs('AvailabilityZoneId')
    ? []
    : [`Both probes are in one Availability Zone, so one failure can take both: ${list('AvailabilityZone')}.`];
  return { faults, warnings };
}

/**
 * @param subnets as DescribeSubnets has them
 * @param groups as DescribeSecurityGroups has them
 * @returns faults: Lambda refuses a function whose security groups are of another VPC than its subnet, half-way through
 */
function judgeGroups(subnets, groups) {
  const vpcs = new Set(subnets.map(({ VpcId }) => VpcId));
  const strange = groups.filter(({ VpcId }) => !vpcs.has(VpcId));
  if (subnets.length === 0 || strange.length === 0) return [];
  const list = strange.map(({ GroupId, VpcId }) => `${GroupId} in ${VpcId}`).join(', ');
  return [`probeSecurityGroupIds must be of the VPC of probeSubnetIds, ${[...vpcs].join(', ')}: ${list}.`];
}

/**
 * The same for the security groups, with the same restraint: where EC2 may not be asked, that is said.
 * @param ids of the security groups
 * @param describe takes ids and gives subnets and groups as EC2 describes them
 */
async function lookAtGroups(ids, subnetIds, { subnets, groups }) {
  if (ids.length === 0 || subnetIds.length === 0) return { faults: [], warnings: [] };
  try {
    return { faults: judgeGroups(await subnets(subnetIds), await groups(ids)), warnings: [] };
  } catch (error) {
    if (error.name === 'InvalidGroup.NotFound' || error.name === 'InvalidGroupId.Malformed')
      return { faults: [`probeSecurityGroupIds: ${error.message}`], warnings: [] };
    // What is wrong with the subnets is said of them.
    if (error.name === 'InvalidSubnetID.NotFound') return { faults: [], warnings: [] };
    const warning = `The security groups of the probes could not be looked at, so that they are of the subnets' VPC is not checked: ${error.message}`;
    return { faults: [], warnings: [warning] };
  }
}

/**
 * Asks EC2 about the subnets and judges them. Where it may not be asked that is said, and holds nothing up: Lambda
 * refuses a subnet that it cannot use, and the sweep tells what a probe cannot reach.
 * @param describe takes the ids and gives what DescribeSubnets gives
 */
async function lookAtSubnets(ids, describe) {
  if (ids.length === 0) return { faults: [], warnings: [] };
  try {
    return judgeSubnets(await describe(ids));
  } catch (error) {
    // A typing error, or another Region: CloudFormation would stop half-way.
    if (error.name === 'InvalidSubnetID.NotFound')
      return { faults: [`probeSubnetIds: ${error.message}`], warnings: [] };
    const warning = `The subnets of the probes could not be looked at, so that they are of one VPC and in two zones is not checked: ${error.message}`;
    return { faults: [], warnings: [warning] };
  }
}

module.exports = { judgeGroups, judgeSubnets, lookAtGroups, lookAtSubnets };
