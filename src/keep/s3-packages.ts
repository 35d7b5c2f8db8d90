import { ConfigInvalid } from '../render/errors.js';

/** The optional packages of the AWS SDK, which only an S3 store loads. */
export type S3Packages = Awaited<ReturnType<typeof importPackages>>;

const NAMES = ['@aws-sdk/client-s3', '@aws-sdk/lib-storage', '@aws-sdk/s3-request-presigner'];

/** Loads the packages of the AWS SDK. @throws ConfigInvalid if one is not installed */
export async function loadS3Packages(): Promise<S3Packages> {
  const missing = NAMES.filter((name) => !isInstalled(name));
  if (missing.length === 0) return importPackages();
  throw new ConfigInvalid(
    `RENDERONCE_KEEP names an S3 bucket, but package ${missing.join(', ')} is not installed`,
    `Run \`npm install ${NAMES.map((name) => `${name}@3`).join(' ')}\`, or keep videos in a folder.`,
  );
}

function isInstalled(name: string): boolean {
  try {
    import.meta.resolve(name);
    return true;
  } catch {
    return false;
  }
}

async function importPackages() {
  const [s3, { Upload }, { getSignedUrl }] = await Promise.all([
    import('@aws-sdk/client-s3'),
    import('@aws-sdk/lib-storage'),
    import('@aws-sdk/s3-request-presigner'),
  ]);
  const { S3Client, HeadObjectCommand, GetObjectCommand, DeleteObjectCommand } = s3;
  return { S3Client, HeadObjectCommand, GetObjectCommand, DeleteObjectCommand, Upload, getSignedUrl };
}
