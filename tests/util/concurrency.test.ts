import assert from "node:assert/strict";
import { Limit, Serial, SerialByKey } from "../../provider/util/concurrency";

/** Tasks that end when the test says so, with what runs now and what ended. */
class Tasks {
  readonly running: string[] = [];
  readonly started: string[] = [];
  private readonly ends = new Map<string, (error?: Error) => void>();

  task(name: string): () => Promise<string> {
    return () => {
      this.running.push(name);
      this.started.push(name);
      return new Promise((resolve, reject) => {
        this.ends.set(name, (error) => {
          this.running.splice(this.running.indexOf(name), 1);
          if (error === undefined) resolve(name);
          else reject(error);
        });
      });
    };
  }

  async end(name: string, error?: Error): Promise<void> {
    this.ends.get(name)?.(error);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("Serial", () => {
  it("runs one task at a time, in the order they came, also after one that failed", async () => {
    const tasks = new Tasks();
    const serial = new Serial();
    const first = serial.run(tasks.task("a"));
    const second = serial.run(tasks.task("b"));
    await turn();
    assert.deepEqual(tasks.running, ["a"]);
    const refused = assert.rejects(first, /lost/);
    await tasks.end("a", new Error("lost"));
    await refused;
    assert.deepEqual(tasks.running, ["b"]);
    await tasks.end("b");
    assert.equal(await second, "b");
  });
});

describe("SerialByKey", () => {
  it("queues the tasks of one key, and lets those of another run beside them", async () => {
    const tasks = new Tasks();
    const queues = new SerialByKey<number>();
    const all = [
      queues.run(1, tasks.task("a1")),
      queues.run(1, tasks.task("b1")),
      queues.run(2, tasks.task("a2")),
    ];
    await turn();
    assert.deepEqual(tasks.running, ["a1", "a2"]);
    await tasks.end("a1");
    assert.deepEqual(tasks.running, ["a2", "b1"]);
    await tasks.end("a2");
    await tasks.end("b1");
    assert.deepEqual(await Promise.all(all), ["a1", "b1", "a2"]);
  });
});

describe("Limit", () => {
  it("runs as many tasks at once as it may, and starts the one that waited longest when one ends", async () => {
    const tasks = new Tasks();
    const limit = new Limit(2);
    const all = ["a", "b", "c", "d"].map((name) => limit.run(tasks.task(name)));
    await turn();
    assert.deepEqual(tasks.running, ["a", "b"]);
    await tasks.end("b");
    assert.deepEqual(tasks.running, ["a", "c"]);
    for (const name of ["a", "c", "d"]) await tasks.end(name);
    assert.deepEqual(await Promise.all(all), ["a", "b", "c", "d"]);
    assert.deepEqual(tasks.started, ["a", "b", "c", "d"]);
  });

  it("gives back the place of a task that failed", async () => {
    const limit = new Limit(1);
    await assert.rejects(
      limit.run(async () => {
        throw new Error("lost");
      }),
      /lost/,
    );
    assert.equal(await limit.run(async () => "next"), "next");
  });
});
