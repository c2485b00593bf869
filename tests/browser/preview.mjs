// A site that is being worked on, and a browser that looks at it: `gleaner serve` in a folder of its
// own, and what its lines and its pages say.

import { spawn } from "node:child_process";
import fs from "node:fs";
import os from "node:os";
import path from "node:path";
import readline from "node:readline";

import { gleaner, repository } from "./sites.mjs";

/** The example archive, as it is worked on: { url, file, write, remove, wait, restart, close }. */
export async function preview(files = {}) {
  const root = fs.mkdtempSync(path.join(os.tmpdir(), "gleaner-preview-"));
  fs.cpSync(path.join(repository, "content"), path.join(root, "content"), { recursive: true });
  fs.cpSync(path.join(repository, "site.toml"), path.join(root, "site.toml"));
  const at = (name) => path.join(root, name);
  const write = (name, text) => {
    fs.mkdirSync(path.dirname(at(name)), { recursive: true });
    fs.writeFileSync(at(name), text);
  };
  for (const [name, text] of Object.entries(files)) write(name, text);
  let server = await start(root, "0");
  const close = async () => {
    await server.stop();
    fs.rmSync(root, { recursive: true });
  };
  return {
    get url() { return server.url; },
    read: (name) => fs.readFileSync(at(name), "utf8"),
    write,
    remove: (name) => fs.rmSync(at(name)),
    stop: () => server.stop(),
    /** The same server again, at the same port. */
    again: async () => { server = await start(root, new URL(server.url).port); },
    close,
  };
}

async function start(root, port) {
  const options = ["--message-format", "json", "--root", root, "--port", port];
  const child = spawn(gleaner, ["serve", ...options], { stdio: ["ignore", "pipe", "inherit"] });
  const gone = new Promise((resolve) => { child.once("exit", resolve); });
  // Whatever becomes of the tests, it does not outlive them.
  const end = () => child.kill("SIGKILL");
  process.once("exit", end);
  const stop = async () => { end(); await gone; process.off("exit", end); };
  for await (const line of readline.createInterface({ input: child.stdout })) {
    const told = JSON.parse(line);
    if (told.type === "serving") {
      // What else it says is read and forgotten, or it would wait for a reader.
      child.stdout.resume();
      return { url: told.url, stop };
    }
  }
  throw new Error("the server ended before it listened");
}
