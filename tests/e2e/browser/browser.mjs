// Runs one scenario of this folder in Chromium: browser.mjs SCENARIO '{"url","staffToken",...}'.
// Fails if a page throws, breaks its Content-Security-Policy or asks another host than it should.
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { chromium } from "playwright-core";

import * as scenarios from "./scenarios.mjs";

const OPTIONS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
                 "--disable-background-networking", "--disable-component-update", "--disable-sync"];
// What the shop refuses is told to the shopper; the browser notes the status, too.
const REFUSAL = /Failed to load resource: the server responded with a status of (4\d\d|503)/;

const [name, given] = process.argv.slice(2);
const shop = JSON.parse(given);
const profile = await mkdtemp(join(tmpdir(), "browser-"));
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: OPTIONS, locale: "en-GB",
});
const faults = [];
context.on("page", (page) => watch(page));
const page = await context.newPage();

function watch(opened) {
  opened.setDefaultTimeout(20_000);
  opened.on("pageerror", (error) => faults.push(`thrown: ${error.message}`));
  opened.on("console", (message) => {
    if (message.type() === "error" && !REFUSAL.test(message.text())) faults.push(message.text());
  });
  opened.on("request", (request) => {
    const { origin } = new URL(request.url());
    const known = shop.hosts ?? [];
    if (origin !== shop.url && !known.includes(origin)) faults.push(`asked ${origin}`);
  });
}

try {
  await scenarios[name](page, shop);
} catch (error) {
  await page.screenshot({ path: `${shop.folder}/${name}.png`, fullPage: true });
  console.log(await page.locator("main").innerText());
  faults.push(error.stack);
} finally {
  await context.close();
  await rm(profile, { recursive: true, force: true });
}
if (faults.length > 0) {
  console.log(faults.join("\n"));
  process.exit(1);
}
