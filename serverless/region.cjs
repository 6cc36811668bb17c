/**
 * Which Region a deployment goes to: the first of `--region`, the parameter `region` (`--param`, then the stage's file),
 * AWS_REGION, AWS_DEFAULT_REGION, and the Region of the profile, as the AWS CLI has it; else {@link FALLBACK}.
 */
const { loadSharedConfigFiles } = require('@smithy/core/config');

const FALLBACK = 'eu-west-1';

/** Gives `provider.region`; loaded by serverless.yml. */
module.exports.region = async ({ options, resolveVariable }) => {
  if (options.region) return options.region;
  const param = await resolveVariable('param:region');
  if (param !== 'none') return String(param);
  const { AWS_REGION, AWS_DEFAULT_REGION, AWS_PROFILE, AWS_DEFAULT_PROFILE } = process.env;
  const profile = options['aws-profile'] || AWS_PROFILE || AWS_DEFAULT_PROFILE || 'default';
  return AWS_REGION || AWS_DEFAULT_REGION || (await regionOf(profile)) || FALLBACK;
};

/** The Region that the shared files of the AWS tools have for a profile, or nothing. */
async function regionOf(profile) {
  // A file that cannot be read says nothing here; whoever needs credentials from it will say so.
  const { configFile = {}, credentialsFile = {} } = await loadSharedConfigFiles().catch(() => ({}));
  return configFile[profile]?.region ?? credentialsFile[profile]?.region;
}
