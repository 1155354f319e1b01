// `npm install` runs this: builds the addon with CMake. Nothing is downloaded but npm packages.
import { spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import path from "node:path";
import { fileURLToPath } from "node:url";

const folder = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

function fail(message) {
  console.error(`resys: ${message}`);
  process.exit(1);
}

function run(command, ...words) {
  const { status, error } = spawnSync(command, words, { cwd: folder, stdio: "inherit" });
  if (error) fail(`${command} cannot be run: ${error.message}`);
  if (status !== 0) fail(`\`${[command, ...words].join(" ")}\` failed; what it said is above`);
}

const works = (command) => spawnSync(command, ["--version"], { stdio: "ignore" }).status === 0;

function nodeApi() {
  const require = createRequire(import.meta.url);
  const find = () => path.join(path.dirname(require.resolve("node-api-headers")), "include");
  try {
    return find();
  } catch {
    // npm installs nothing for a folder that it only links to.
    run("npm", "ci", "--prefix", folder, "--global=false", "--ignore-scripts", "--no-audit");
    return find();
  }
}

if (!existsSync(path.join(folder, "../../cmake/library.cmake"))) {
  fail("the library's sources are not there: install bindings/node inside a checkout of resys");
}
if (!works("cmake")) fail("CMake 3.22 or newer is needed (Debian: apt install cmake)");
if (![process.env.CXX, "c++", "g++", "clang++"].some((name) => name && works(name))) {
  fail("a C++20 compiler is needed, g++ 12 or clang 14 or newer (Debian: apt install g++)");
}
const headers = nodeApi();
const generator =
  !existsSync(path.join(folder, "build/CMakeCache.txt")) && works("ninja") ? ["-G", "Ninja"] : [];
run("cmake", "-S", ".", "-B", "build", ...generator, `-DRESYS_NODE_API=${headers}`);
run("cmake", "--build", "build", "--target", "resys_node",
  "--parallel", String(availableParallelism()));
