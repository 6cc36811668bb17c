/**
 * The plugin of this service: puts the stage's file among the parameters, gives the template what the optional ones ask
 * for, ends a deployment with what was made and what comes next, and a removal with the alarms that no stack knows.
 */
const { readdirSync, rmSync } = require('node:fs');
const { createRequire } = require('node:module');
const { tmpdir } = require('node:os');
const path = require('node:path');
const { listOf } = require('./checks.cjs');
const { deleteMemberAlarms, leftBehind } = require('./member-alarms.cjs');
const { optionalParts } = require('./optional.cjs');
const { refusal } = require('./params.cjs');
const { readStageFile, stageFile } = require('./stage-file.cjs');
const { lookAtGroups, lookAtSubnets } = require('./subnets.cjs');
const { changesOf, madeBy, nextSteps, RECORD, reminder } = require('./summary.cjs');

class Deployment {
  constructor(serverless, options, { log }) {
    this.serverless = serverless;
    this.log = log;
    const { configurationInput } = serverless;
    this.given = (options.param ?? []).map((pair) => pair.split('=')[0]);
    // provider.stage is behind a variable until the options are read; the default there and here is the same.
    this.stage = options.stage ?? 'prod';
    this.defaults = configurationInput?.params?.default ?? {};
    this.file = readStageFile(serverless.serviceDir, this.stage).params;
    // What is wrong with the file is said with the faults of the parameters: serverless/params.cjs.
    if (configurationInput) configurationInput.params = { ...configurationInput.params, [this.stage]: this.file };
    this.hooks = {
      'after:aws:package:finalize:mergeCustomProviderResources': () => {
        optionalParts(this.template(), this.params());
        this.removeTemporary();
      },
      'before:aws:deploy:deploy:createStack': async () => {
        await this.checkSubnets();
        await this.sayWhatChanges();
      },
      'after:aws:deploy:finalize:cleanup': () => this.sayWhatIsThere(),
      // When nobody is left who would make them again.
      'after:remove:remove': () => this.deleteAlarms(),
    };
  }

  template() {
    return this.serverless.service.provider.compiledCloudFormationTemplate;
  }

  params() {
    return this.serverless.service.custom.checked.params;
  }

  /** serverless-esbuild puts a zip together in a temporary folder, and does not notice that it cannot remove it. */
  removeTemporary() {
    const own = `${this.serverless.service.service}-${process.pid}-`;
    for (const name of readdirSync(tmpdir()).filter((each) => each.startsWith(own)))
      rmSync(path.join(tmpdir(), name), { recursive: true, force: true });
  }

  /** @throws an error with the faults of the probe's subnets and security groups, before anything is changed */
  async checkSubnets() {
    const { probeSubnetIds, probeSecurityGroupIds } = this.params();
    const ids = listOf(probeSubnetIds);
    if (ids.length === 0) return;
    // Loaded here, for most deployments have no probe.
    const { DescribeSecurityGroupsCommand, DescribeSubnetsCommand, EC2Client } = require('@aws-sdk/client-ec2');
    const ask = async (command) =>
      new EC2Client(await this.serverless.getProvider('aws').getAwsSdkV3Config()).send(command);
    // Both looks are about the same subnets.
    let described;
    const subnets = async (SubnetIds) =>
      (await (described ??= ask(new DescribeSubnetsCommand({ SubnetIds })))).Subnets ?? [];
    const groups = async (GroupIds) =>
      (await ask(new DescribeSecurityGroupsCommand({ GroupIds }))).SecurityGroups ?? [];
    const looks = [
      await lookAtSubnets(ids, subnets),
      await lookAtGroups(listOf(probeSecurityGroupIds), ids, { subnets, groups }),
    ];
    for (const sentence of looks.flatMap(({ warnings }) => warnings)) this.log.warning(sentence);
    const faults = looks.flatMap((look) => look.faults);
    if (faults.length > 0) throw refusal(faults);
  }

  /** A parameter that the last deployment had and this one has not is reset: nobody should learn that from a failure. */
  async sayWhatChanges() {
    const before = await this.recorded();
    const source = (name) => this.sourceOf(name);
    for (const sentence of changesOf({ before, now: this.params(), defaults: this.defaults, source }))
      this.log.warning(sentence);
  }

  /** What cannot be deleted holds nothing up: the stack is gone already. */
  async deleteAlarms() {
    const { alarmPrefix, statePrefix } = this.params();
    const { CloudWatchClient, ...api } = require('@aws-sdk/client-cloudwatch');
    const prefix = `${alarmPrefix}member/`;
    const tag = { key: `${statePrefix}deployment`, value: `${this.serverless.service.service}-${this.stage}` };
    try {
      const client = new CloudWatchClient(await this.serverless.getProvider('aws').getAwsSdkV3Config());
      const count = await deleteMemberAlarms(prefix, tag, {
        describe: (input) => client.send(new api.DescribeAlarmsCommand(input)),
        tagsOf: async (ResourceARN) =>
          (await client.send(new api.ListTagsForResourceCommand({ ResourceARN }))).Tags ?? [],
        remove: (AlarmNames) => client.send(new api.DeleteAlarmsCommand({ AlarmNames })),
      });
      if (count > 0) this.log.notice(`Deleted ${count} alarms on members: ${prefix}…`);
    } catch (error) {
      this.log.warning(leftBehind(prefix, error.message));
    }
  }

  sayWhatIsThere() {
    const { shouldNotDeploy } = this.serverless.service.provider;
    if (shouldNotDeploy) return;
    const region = this.serverless.getProvider('aws').getRegion();
    const say = (what, lines) => this.serverless.addServiceOutputSection(what, lines);
    const described = { region, params: this.params(), template: this.template() };
    say(`made in ${region}`, madeBy(described));
    say('next', nextSteps(described));
    const forgettable = this.given.filter((name) => !Object.hasOwn(this.file, name));
    if (forgettable.length > 0) say('remember', reminder(forgettable, stageFile(this.stage)));
  }

  sourceOf(name) {
    if (this.given.includes(name)) return '--param';
    return Object.hasOwn(this.file, name) ? stageFile(this.stage) : undefined;
  }

  /** What the stack was deployed with before, by its own template; nothing where there is none, or an older one. */
  async recorded() {
    const provider = this.serverless.getProvider('aws');
    // The tool's own client, so its own command.
    const ofTheTool = createRequire(require.resolve('serverless/package.json'));
    const { GetTemplateCommand } = ofTheTool('@aws-sdk/client-cloudformation');
    const client = await provider.getCloudFormationClient();
    const StackName = provider.naming.getStackName();
    try {
      const { TemplateBody } = await client.send(new GetTemplateCommand({ StackName }));
      return JSON.parse(JSON.parse(TemplateBody).Outputs[RECORD].Value);
    } catch {
      // A comparison that cannot be made holds no deployment up.
      return undefined;
    }
  }
}

module.exports = Deployment;
