/** Starts `flowcheck lsp` and hands the editor's questions on to it. */

import * as vscode from "vscode";
import { ExecuteCommandRequest, LanguageClient, LanguageClientOptions, ServerOptions } from "vscode-languageclient/node";

const NEXT_STEP = "flowcheck.nextStep";

let client: LanguageClient | undefined;

export async function activate(context: vscode.ExtensionContext): Promise<void> {
  context.subscriptions.push(
    vscode.commands.registerCommand("flowcheck.restart", restart),
    vscode.commands.registerCommand("flowcheck.goToNextStep", goToNextStep),
    vscode.workspace.onDidChangeConfiguration(async (event) => {
      if (event.affectsConfiguration("flowcheck.command")) {
        await restart();
      }
    }),
  );
  await start();
}

export async function deactivate(): Promise<void> {
  await client?.stop();
}

async function start(): Promise<void> {
  client = new LanguageClient("flowcheck", "flowcheck", serverOptions(command()), clientOptions());
  try {
    await client.start();
  } catch (error) {
    void vscode.window.showErrorMessage(
      `flowcheck did not start (${String(error)}). Install it with "pip install flowcheck", or set flowcheck.command.`,
    );
  }
}

async function restart(): Promise<void> {
  await client?.stop();
  await start();
}

/** What starts flowcheck, as the settings of this machine say. */
function command(): string[] {
  const found = vscode.workspace.getConfiguration("flowcheck").get<string[]>("command");
  return found && found.length > 0 ? found : ["flowcheck"];
}

/** The server runs as a process of its own, over standard streams. */
export function serverOptions(words: string[]): ServerOptions {
  const [program, ...rest] = words;
  return { command: program, args: [...rest, "lsp"] };
}

function clientOptions(): LanguageClientOptions {
  return { documentSelector: [{ scheme: "file", language: "python" }] };
}

/** From the step under the cursor to the next; the server shows it. */
async function goToNextStep(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !client) {
    return;
  }
  const { line, character } = editor.selection.active;
  const uri = client.code2ProtocolConverter.asUri(editor.document.uri);
  const found = await client.sendRequest(ExecuteCommandRequest.type, {
    command: NEXT_STEP,
    arguments: [uri, line, character],
  });
  if (!found) {
    void vscode.window.setStatusBarMessage("flowcheck: no step of a path is here", 3000);
  }
}
