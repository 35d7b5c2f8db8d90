import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const OXLINT = join(ROOT, 'node_modules', '.bin', 'oxlint');

const restriction = z.tuple([
  z.literal('error'),
  z.object({ patterns: z.array(z.looseObject({ regex: z.string() })) }),
]);

const configSchema = z.looseObject({
  overrides: z.array(
    z.looseObject({
      files: z.array(z.string()),
      rules: z.looseObject({ 'no-restricted-imports': z.union([restriction, z.literal('off')]).optional() }),
    }),
  ),
});

export type LintConfig = z.infer<typeof configSchema>;

/** The linter's configuration of this project. */
export async function readLintConfig(): Promise<LintConfig> {
  return configSchema.parse(JSON.parse(await readFile(join(ROOT, '.oxlintrc.json'), 'utf8')));
}

const reportSchema = z.object({
  diagnostics: z.array(
    z.object({
      code: z.string(),
      filename: z.string(),
      labels: z.array(z.object({ span: z.object({ line: z.number() }) })),
    }),
  ),
});

/** The lines that a rule reports in a tree of files (path below `src` to lines), each as `file: line`. */
export async function reportedBy(
  rule: string,
  config: LintConfig,
  files: ReadonlyMap<string, readonly string[]>,
): Promise<string[]> {
  const folder = await mkdtemp(join(tmpdir(), 'renderonce-lint-'));
  try {
    const { $schema: _schema, ...rules } = config;
    await writeFile(join(folder, '.oxlintrc.json'), JSON.stringify(rules));
    for (const [file, lines] of files) {
      await mkdir(dirname(join(folder, 'src', file)), { recursive: true });
      await writeFile(join(folder, 'src', file), `${lines.join('\n')}\n`);
    }
    return reportSchema
      .parse(JSON.parse(await runOxlint(folder)))
      .diagnostics.filter(({ code }) => code === rule)
      .map(({ filename, labels }) => {
        const file = filename.replace(/^src\//, '');
        return `${file}: ${files.get(file)?.[(labels[0]?.span.line ?? 0) - 1]}`;
      })
      .toSorted();
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Found problems are an exit code, and an answer all the same. */
function runOxlint(cwd: string): Promise<string> {
  return new Promise((resolve) => {
    execFile(OXLINT, ['--format', 'json'], { cwd, maxBuffer: 64_000_000 }, (_found, stdout) =>
      resolve(stdout),
    );
  });
}
