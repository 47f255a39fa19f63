// Every page, as its readers meet it: on a screen, in the dark, on a phone, on paper.
//
// KETUM_PAGES    folder of .html files to look at
// KETUM_PICTURES folder to write a picture of each view into; none are written where it is absent
import assert from "node:assert/strict";
import { mkdirSync, readFileSync, readdirSync } from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";
import { after, before, test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";

const folder = path.resolve(process.env.KETUM_PAGES ?? "../target/pages");
const pictures = process.env.KETUM_PICTURES;
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const pages = readdirSync(folder).filter((name) => name.endsWith(".html")).sort();

const views = [
  { name: "screen", size: { width: 1100, height: 900 }, scheme: "light", media: "screen" },
  { name: "dark", size: { width: 1100, height: 900 }, scheme: "dark", media: "screen" },
  { name: "phone", size: { width: 375, height: 700 }, scheme: "light", media: "screen" },
  { name: "paper", size: { width: 794, height: 1123 }, scheme: "light", media: "print" },
];

let browser;
before(async () => {
  browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu"],
  });
  if (pictures) mkdirSync(pictures, { recursive: true });
});
after(() => browser?.close());

test("there are pages to look at", () => assert.ok(pages.length >= 10, `${folder}: ${pages.length}`));

for (const name of pages) {
  for (const view of views) {
    test(`${name}, ${view.name}`, async () => {
      const context = await browser.newContext({ viewport: view.size, colorScheme: view.scheme });
      try {
        const page = await context.newPage();
        await page.emulateMedia({ media: view.media, colorScheme: view.scheme });
        const asked = [];
        page.on("request", (request) => asked.push(request.url()));
        const address = pathToFileURL(path.join(folder, name)).href;
        await page.goto(address);
        assert.deepEqual(asked, [address], "the page asks for nothing but itself");

        const wide = await page.evaluate(() => [document.documentElement.scrollWidth, innerWidth]);
        assert.ok(wide[0] <= wide[1], `wider than the view: ${wide}`);

        if (view.media === "print") {
          const hidden = await page.evaluate(
            () => [...document.querySelectorAll("details > :not(summary)")].filter((part) => part.offsetHeight === 0).length,
          );
          assert.equal(hidden, 0, "what is folded on a screen is printed");
        }
        if (pictures) {
          await page.screenshot({ path: path.join(pictures, `${name}.${view.name}.png`), fullPage: true });
          if (view.media === "print") await page.pdf({ path: path.join(pictures, `${name}.pdf`), format: "A4", margin: { top: "15mm", bottom: "15mm", left: "15mm", right: "15mm" } });
        }

        await page.evaluate(axe);
        const found = await page.evaluate(() =>
          window.axe.run(document, {
            runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
          }),
        );
        const faults = found.violations.map(
          (fault) => `${fault.id}: ${fault.help}: ${fault.nodes.slice(0, 3).map((node) => `${node.html.slice(0, 160)} | ${node.failureSummary}`).join("\n   ")}`,
        );
        assert.deepEqual(faults, []);
      } finally {
        await context.close();
      }
    });
  }
}
