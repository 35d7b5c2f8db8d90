import { Argument, type Command } from 'commander';
import { createToken } from '../../http/tokens.js';
import { type CommonOptions, newCommand, run } from '../command.js';

interface TokenOptions extends CommonOptions {
  readonly name: string;
  readonly tenant: string;
  readonly scopes: string;
}

/** Creates `renderonce token`, which makes tokens of the HTTP API. */
export function tokenCommand(): Command {
  return newCommand('token', [
    'token create --name shop --scopes submit+read',
    'token create --name shop --tenant shop --scopes submit+read --json',
  ])
    .addArgument(
      new Argument('<action>', 'create prints a new token once, and its line for RENDERONCE_TOKENS').choices([
        'create',
      ]),
    )
    .requiredOption('--name <name>', 'a name for logs and decisions')
    .option('--tenant <tenant>', 'the tenant whose renders the token sees', '')
    .requiredOption('--scopes <scopes>', 'some of submit, read, decide, admin, with + between')
    .action((_action: string, { name, tenant, scopes, ...options }: TokenOptions) =>
      run(options, async (output) => {
        const { token, line } = createToken(name, tenant, scopes);
        output.result({ token, line }, [token, line]);
      }),
    );
}
