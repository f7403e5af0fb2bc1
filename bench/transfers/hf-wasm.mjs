import { Hub } from "hf-wasm";
import { downloadFileToCacheDir, fileBlob, snapshotDownload, uploadFolder } from "hf-wasm/node";

const hub = new Hub({ endpoint: process.env.HF_ENDPOINT, token: process.env.HF_TOKEN });

export const tasks = {
  upload: async (repo, file) => hub.uploadFile({ repo, file: { path: "w.bin", content: await fileBlob(file) } }),
  download: (repo, cacheDir) => downloadFileToCacheDir({ repo, path: "w.bin", cacheDir }, { hub }),
  uploadFolder: (repo, folderPath) => uploadFolder({ repo, folderPath }, { hub }),
  downloadFolder: (repo, cacheDir) => snapshotDownload({ repo, cacheDir }, { hub }),
};
