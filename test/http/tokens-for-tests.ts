import { createToken } from '../../src/http/tokens.js';

/** Makes tokens of a server, each with scopes and perhaps a tenant, and the variable that lets them in. */
export function makeTokens<Name extends string>(
  wanted: Readonly<Record<Name, readonly [scopes: string, tenant?: string]>>,
): { readonly tokens: Readonly<Record<Name, string>>; readonly env: { readonly RENDERONCE_TOKENS: string } } {
  const tokens = {} as Record<Name, string>;
  const lines: string[] = [];
  for (const [name, [scopes, tenant = '']] of Object.entries<readonly [string, string?]>(wanted)) {
    const { token, line } = createToken(name, tenant, scopes);
    tokens[name as Name] = token;
    lines.push(line);
  }
  return { tokens, env: { RENDERONCE_TOKENS: lines.join(',') } };
}
