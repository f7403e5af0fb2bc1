import { pathToFileURL } from "node:url";
import { downloadFileToCacheDir, snapshotDownload, uploadFile, uploadFiles } from "@huggingface/hub";

const options = { hubUrl: process.env.HF_ENDPOINT, accessToken: process.env.HF_TOKEN };

export const tasks = {
  upload: (repo, file) => uploadFile({ ...options, repo, file: { path: "w.bin", content: pathToFileURL(file) } }),
  download: (repo, cacheDir) => downloadFileToCacheDir({ ...options, repo, path: "w.bin", cacheDir }),
  uploadFolder: (repo, folder) => uploadFiles({ ...options, repo, files: [pathToFileURL(folder)] }),
  downloadFolder: (repo, cacheDir) => snapshotDownload({ ...options, repo, cacheDir }),
};
