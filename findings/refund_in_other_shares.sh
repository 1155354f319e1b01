#!/usr/bin/env bash
# dinero.js splits a refund otherwise than the charge.
#
# Seen with npm dinero.js 1.9.1.
#
# One would guess that what was split into shares can be given back by splitting the negative amount
# by the same ratios: each share is then its own refund.
#
# allocate() gives the cents that are left over to the first shares of a positive amount, and to
# others of a negative one. 1.00 becomes 0.34 0.33 0.33; -1.00 becomes -0.33 -0.33 -0.34.
#
# A shop that splits a discount, a shipping cost or a payment over order lines, and the refund
# likewise, ends with a line that has got a cent too little back and one that has got a cent too
# much: more than was paid for it. Store the shares of the charge, and give those back.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --prefix "$folder" 'dinero.js@1.9.1'

cd "$folder"
node - > seen <<'NODE'
const dinero = require("dinero.js");
for (const [amount, ratios] of [[100, [1, 1, 1]], [500, [333, 333, 334]], [101, [1, 1]]]) {
  const split = (cents) => dinero({ amount: cents }).allocate(ratios).map((x) => x.getAmount());
  const charged = split(amount);
  const refunded = split(-amount);
  const left = charged.map((cents, i) => cents + refunded[i]);
  console.log(`${amount}: ${charged}; ${-amount}: ${refunded}; left on the lines: ${left}`);
}
NODE

cat seen
diff seen - <<'EXPECTED'
100: 34,33,33; -100: -33,-33,-34; left on the lines: 1,0,-1
500: 167,166,167; -500: -166,-167,-167; left on the lines: 1,-1,0
101: 51,50; -101: -50,-51; left on the lines: 1,-1
EXPECTED
