#!/usr/bin/env bash
# sales-tax gives the right total for the Canary Islands, and the wrong tax to print beside it.
#
# Seen with npm sales-tax 2.23.0.
#
# One would guess that "details" lists the taxes of which "rate" is the sum, as it does for Canada;
# that the islands are found by their code in ISO 3166-2, ES-CN; and that an answer of no tax means
# that there is none.
#
# 100 sent to Gran Canaria are 107 with IGIC of 7 %, and the details say VAT of 21, which is Spain's.
# The islands' rate is kept as Spain's less 14 points, and the details leave out what is below zero.
# The code must be that of the province (GC, TF): for CN the whole of Spain's VAT is charged, and
# hasStateSalesTax() says no for each of them. Reunion, with a VAT of 8.5 %, and the Finnish islands
# of Aland, with Finland's, get "none" and 0. So do Hong Kong, which has no such tax, and ZZ, which is
# no country.
#
# A shop that stores the details as the lines of tax on its invoice writes down three times the tax
# that it took. Check that they sum to the total, and keep a list of the places that are meant to be
# free of tax.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
npm install --silent --no-audit --no-fund --prefix "$folder" 'sales-tax@2.23.0'

cd "$folder"
node - > seen <<'NODE'
const tax = require("sales-tax");
(async () => {
  tax.setTaxOriginCountry("FR");
  for (const [country, state] of [
    ["CA", "ON"], ["ES"], ["ES", "GC"], ["ES", "TF"], ["ES", "CN"],
    ["RE"], ["AX"], ["HK"], ["ZZ"],
  ]) {
    const { type, rate, total, details } = await tax.getAmountWithSalesTax(country, state, 100);
    console.log([
      state ? `${country}-${state}` : country, type, rate, `total: ${total.toFixed(2)}`,
      "details:", ...details.map((each) => `${each.type} ${each.amount.toFixed(2)}`),
      ...(state ? [`hasStateSalesTax: ${tax.hasStateSalesTax(country, state)}`] : []),
    ].join(" "));
  }
})();
NODE

cat seen
diff seen - <<'EXPECTED'
CA-ON gst+hst 0.13 total: 113.00 details: gst 5.00 hst 8.00 hasStateSalesTax: true
ES vat 0.21 total: 121.00 details: vat 21.00
ES-GC igic 0.07 total: 107.00 details: vat 21.00 hasStateSalesTax: false
ES-TF igic 0.07 total: 107.00 details: vat 21.00 hasStateSalesTax: false
ES-CN vat 0.21 total: 121.00 details: vat 21.00 hasStateSalesTax: false
RE none 0 total: 100.00 details:
AX none 0 total: 100.00 details:
HK none 0 total: 100.00 details:
ZZ none 0 total: 100.00 details:
EXPECTED
