// What engines find wrong in pages: node engines.mjs TERMS PAGE…, a line of JSON for each page, its faults in it.
import { readFileSync } from "node:fs";

import Validator from "@adobe/structured-data-validator";
import Extractor from "@marbec/web-auto-extractor";

const [terms, ...pages] = process.argv.slice(2).map((path) => readFileSync(path, "utf8"));
for (const page of pages) {
  const facts = new Extractor({ addLocation: true }).parse(page);
  const faults = await new Validator(JSON.parse(terms)).validate(facts);
  const said = faults.map((fault) => fault.issueMessage);
  console.log(JSON.stringify(said.filter((message) => !message.includes("(optional)"))));
}
