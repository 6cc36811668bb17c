/**
 * `params/<stage>.yml`: the parameters of one stage, where they are not forgotten. It stands between `--param`, which
 * counts more, and the defaults in serverless.yml.
 */
const { existsSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { parse } = require('yaml');

/** Where the parameters of a stage stand, named from the folder of the service. */
const stageFile = (stage) => path.posix.join('params', `${stage}.yml`);

/**
 * Reads the parameters of a stage; lists and maps become the text that `--param` would be given.
 * @param {string} folder of the service
 * @returns {{ params: Record<string, string>, faults: string[] }} one sentence for each thing wrong with the file
 */
function readStageFile(folder, stage) {
  const file = stageFile(stage);
  if (!existsSync(path.join(folder, file))) return { params: {}, faults: [] };
  try {
    return paramsOf(file, parse(readFileSync(path.join(folder, file), 'utf8')) ?? {});
  } catch (error) {
    return { params: {}, faults: [`${file} is no YAML: ${error.message.split('\n')[0]}`] };
  }
}

function paramsOf(file, content) {
  if (typeof content !== 'object' || Array.isArray(content))
    return { params: {}, faults: [`${file} must have a line 'name: value' for each parameter.`] };
  const params = Object.entries(content).map(([name, value]) => [name, textOf(value)]);
  const faults = params
    .filter(([, text]) => text === undefined)
    .map(([name]) => `${name} in ${file} must be a value, a list of values, or a map of tags.`);
  return { params: Object.fromEntries(params.filter(([, text]) => text !== undefined)), faults };
}

function textOf(value) {
  if (Array.isArray(value)) return value.length > 0 && value.every(isPlain) ? value.join(',') : undefined;
  if (isPlain(value)) return String(value);
  const pairs = Object.entries(value ?? {});
  if (pairs.length === 0 || !pairs.every(([, each]) => isPlain(each))) return undefined;
  return pairs.map(([key, each]) => `${key}=${each}`).join(',');
}

const isPlain = (value) => ['string', 'number', 'boolean'].includes(typeof value) && value !== '';

module.exports = { readStageFile, stageFile };
