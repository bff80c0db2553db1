/** The bundle as VS Code loads it, over a stand-in for the editor's own module, with the real server behind it. */

const assert = require("node:assert");
const fs = require("node:fs");
const Module = require("node:module");
const os = require("node:os");
const path = require("node:path");
const { spawn } = require("node:child_process");
const test = require("node:test");
const rpc = require("vscode-jsonrpc/node");

const words = (process.env.FLOWCHECK_COMMAND || "flowcheck").split(" ");

/** Answers to every name: enough for the modules of the client to be loaded and extended. */
function standIn() {
  const anything = new Proxy(class {}, {
    get: (target, name) => (name in target ? target[name] : name === "then" ? undefined : anything),
    apply: () => anything,
  });
  return anything;
}

test("the bundle loads and exports what VS Code calls", () => {
  const load = Module._load;
  Module._load = (name, ...rest) => (name === "vscode" ? standIn() : load(name, ...rest));
  try {
    const extension = require("../dist/extension.js");
    assert.equal(typeof extension.activate, "function");
    assert.equal(typeof extension.deactivate, "function");
    assert.deepEqual(extension.serverOptions(["python3", "-m", "flowcheck"]), {
      command: "python3",
      args: ["-m", "flowcheck", "lsp"],
    });
  } finally {
    Module._load = load;
  }
});

test("the server that it starts answers and finds a leak", { timeout: 60_000 }, async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), "flowcheck-"));
  fs.writeFileSync(
    path.join(folder, "app.py"),
    'class User:\n    phone = ""  # flowcheck: security-collected\n\n' +
      "def upload(rows):  # flowcheck: advertising\n    pass\n\n" +
      "def nightly(user: User):\n    upload(user.phone)\n",
  );
  const server = spawn(words[0], [...words.slice(1), "lsp"], { cwd: folder });
  const connection = rpc.createMessageConnection(
    new rpc.StreamMessageReader(server.stdout),
    new rpc.StreamMessageWriter(server.stdin),
  );
  const found = new Promise((resolve) => {
    connection.onNotification("textDocument/publishDiagnostics", (parameters) => {
      if (parameters.diagnostics.length > 0) {
        resolve(parameters.diagnostics);
      }
    });
  });
  connection.listen();
  const answer = await connection.sendRequest("initialize", {
    processId: process.pid,
    rootUri: `file://${folder}`,
    capabilities: {},
  });
  assert.equal(answer.serverInfo.name, "flowcheck");
  assert.ok(answer.capabilities.hoverProvider);
  assert.ok(answer.capabilities.codeLensProvider);
  assert.ok(answer.capabilities.executeCommandProvider.commands.includes("flowcheck.nextStep"));
  await connection.sendNotification("initialized", {});
  assert.ok((await found).some((each) => each.code === "FC001"));
  await connection.sendRequest("shutdown");
  await connection.sendNotification("exit");
  connection.dispose();
  fs.rmSync(folder, { recursive: true });
});
