/** What the pipelines of `examples/gitops` tell their services, and fetch from them. */
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";
import { bash, githubScripts, gitlabScripts } from "./pipelines";

const preview = "activate 100 SIMs: about $60.00 now & `more`\n";

describe("the pipelines of the GitOps example and their services", () => {
  it("GitLab: the preview becomes a note of the merge request", () =>
    inFolder(async (folder) => {
      writeFileSync(join(folder, "preview.txt"), preview);
      const [script = ""] = gitlabScripts("after_script").preview ?? [];
      const { requests, run } = await gitlab(folder, script, () => ({ status: 201, body: "{}" }));
      assert.deepEqual([run.code, run.text], [0, ""]);
      const note = `\`\`\`\`\n${preview}\n\`\`\`\`\n`;
      assert.deepEqual(
        requests.map(({ body, ...request }) => ({ ...request, note: new URLSearchParams(body).get("body") })),
        [{ method: "POST", url: "/api/v4/projects/7/merge_requests/12/notes", token: "token-1", note }],
      );
    }));

  it("GitLab: the plan is that of the merge request that was merged, and without one the job fails", () =>
    inFolder(async (folder) => {
      const [script = ""] = gitlabScripts("before_script")[".apply"] ?? [];
      const merged = "/api/v4/projects/7/repository/commits/abc123/merge_requests";
      const artifact =
        "/api/v4/projects/7/jobs/artifacts/refs%2Fmerge-requests%2F12%2Fhead/raw/plan.json?job=preview";
      const answers: Record<string, string> = {
        // One that builds on it holds the same commit, and is still open.
        [merged]: '[{"id": 9002, "iid": 13, "state": "opened"}, {"id": 9001, "iid": 12, "state": "merged"}]',
        [artifact]: "the plan",
      };
      const answer = (url: string): Answer =>
        url in answers ? { status: 200, body: answers[url] ?? "" } : { status: 404, body: "{}" };
      const { requests, run } = await gitlab(folder, script, answer);
      assert.equal(run.code, 0, run.text);
      assert.deepEqual(
        requests.map(({ url }) => url),
        [merged, artifact],
      );
      assert.equal(readFileSync(join(folder, "plan.json"), "utf8"), "the plan");

      answers[merged] = "[]";
      assert.notEqual((await gitlab(folder, script, answer)).run.code, 0);
      delete answers[artifact];
      answers[merged] = '[{"iid": 12, "state": "merged"}]';
      assert.notEqual((await gitlab(folder, script, answer)).run.code, 0);
    }));

  it("GitHub: the plan is that of the commit that was merged, and without a preview of it none is fetched", () =>
    inFolder(async (folder) => {
      const [script = ""] = githubScripts()["the plan of the newest preview of what was merged"] ?? [];
      const fetched = async (run: string) => {
        // `gh run download` without a run takes the newest artifact of that name, whoever made it.
        const gh = `gh() { [ "$2" = download ] && echo "$@" || printf '${run}'; }\n`;
        return bash(gh + script, { cwd: folder, env: { ...process.env, HEAD: "abc123" } });
      };
      assert.deepEqual(await fetched("42"), { code: 0, text: "run download 42 --name plan\n" });
      const none = await fetched("");
      assert.notEqual(none.code, 0);
      assert.match(none.text, /no successful preview of abc123/);
      assert.doesNotMatch(none.text, /download/);
    }));

  it("GitHub: the comment and the list of the day fit, however long a preview is", () =>
    inFolder(async (folder) => {
      const { comment = [], list = [] } = githubScripts();
      const gh = 'gh() { printf "%s " "$@"; }\n';
      const env = { ...process.env, PULL_REQUEST: "https://github.com/fleet/cold-chain/pull/3" };
      const summary = join(folder, "summary");
      for (const [text, length] of [
        [preview, preview.length],
        ["x".repeat(100_000), 60_000],
      ] as const) {
        writeFileSync(join(folder, "preview.txt"), text);
        const commented = await bash(gh + comment.join("\n"), { cwd: folder, env });
        assert.deepEqual(commented, {
          code: 0,
          text: `pr comment ${env.PULL_REQUEST} --body-file comment.md `,
        });
        const expected = `\`\`\`\`\n${text.slice(0, length)}\n\`\`\`\`\n`;
        assert.equal(readFileSync(join(folder, "comment.md"), "utf8"), expected);

        writeFileSync(join(folder, "drift.txt"), text);
        writeFileSync(summary, "");
        const listed = await bash(list.join("\n"), {
          cwd: folder,
          env: { ...env, GITHUB_STEP_SUMMARY: summary },
        });
        assert.deepEqual([listed.code, readFileSync(summary, "utf8")], [0, expected]);
      }
    }));
});

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** Runs the script of a job, with the variables of a pipeline, beside a GitLab that answers as it is told. */
async function gitlab(folder: string, script: string, answer: (url: string) => Answer) {
  const requests: { method: string; url: string; token: string; body: string }[] = [];
  const server = createServer(async (request, response) => {
    const { method = "", url = "", headers } = request;
    const body = Buffer.concat(await request.toArray()).toString();
    requests.push({ method, url, token: String(headers["private-token"]), body });
    const { status, body: text } = answer(url);
    response.writeHead(status).end(text);
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  try {
    const { port }: AddressInfo = Object(server.address());
    const env = {
      ...process.env,
      PATH: [dirname(process.execPath), process.env.PATH].join(delimiter),
      no_proxy: "127.0.0.1",
      CI_API_V4_URL: `http://127.0.0.1:${port}/api/v4`,
      CI_PROJECT_ID: "7",
      CI_MERGE_REQUEST_IID: "12",
      CI_COMMIT_SHA: "abc123",
      GITLAB_TOKEN: "token-1",
    };
    return { requests, run: await bash(script, { cwd: folder, env }) };
  } finally {
    server.close();
  }
}

async function inFolder(work: (folder: string) => Promise<void>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "services-"));
  try {
    await work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
