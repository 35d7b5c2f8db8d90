import { Option } from 'commander';
import { DataFolder, type Running } from './data-folder.js';

type Environment = Record<string, string | undefined>;

/** Folder of the data of `up` and `dev`, and the variable that names another one. */
const DEFAULT_FOLDER = '.renderonce';
const VARIABLE = 'RENDERONCE_DATA';

/** Creates the option that names the data folder. */
export function dataOption(text: string, flags = '--data <folder>'): Option {
  return new Option(flags, text).env(VARIABLE).default(DEFAULT_FOLDER);
}

/** Settings by which a person chooses another engine. */
const OTHER_ENGINE = ['TEMPORAL_ADDRESS', 'TEMPORAL_PROFILE', 'TEMPORAL_CONFIG_FILE'];

/** Returns the `up` or `dev` that runs in the data folder, unless the environment names another engine. */
export function runningBeside(env: Environment): Running | undefined {
  const running = new DataFolder(env[VARIABLE] || DEFAULT_FOLDER).running();
  const named = OTHER_ENGINE.filter((name) => (env[name] ?? '') !== '');
  const isSame = named.every((name) => env[name] === running?.variables[name]);
  return isSame ? running : undefined;
}

/** Gives an environment the variables of the `up` or `dev` that runs in the data folder; those that it has win. */
export function addVariablesOfRunning(env: Environment): void {
  const { variables = {} } = runningBeside(env) ?? {};
  for (const [name, value] of Object.entries(variables)) if ((env[name] ?? '') === '') env[name] = value;
}
