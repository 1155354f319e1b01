// The fields of an address.
import { countryName, field, make } from "/scripts/dom.js";

// Every region the browser has a name for, without former names and what ISO 3166-1 does not count
// as a country.
function countryCodes() {
  const letters = [..."ABCDEFGHIJKLMNOPQRSTUVWXYZ"];
  const others = new Set(["AC", "CP", "CQ", "DG", "EA", "EU", "EZ", "IC", "QO", "TA", "UN",
                          "XA", "XB", "XK", "ZZ"]);
  return letters.flatMap((first) => letters.map((second) => first + second)).filter((code) =>
    !others.has(code) && countryName(code) !== code &&
    Intl.getCanonicalLocales(`und-${code}`)[0] === `und-${code}`);
}

function countrySelect(prefix, section) {
  const countries = countryCodes().map((code) => [code, countryName(code)]);
  countries.sort(([, left], [, right]) => left.localeCompare(right));
  const own = navigator.language.split("-")[1];
  return make("div", { class: "field" }, make("label", { for: `${prefix}country` }, "Country"),
    make("select", { id: `${prefix}country`, name: `${prefix}country`, required: true,
                     autocomplete: `${section} country` },
      make("option", { value: "" }, "Please choose"),
      countries.map(([code, name]) =>
        make("option", { value: code, selected: code === own }, name))));
}

// The fields' names begin with `prefix`; `section` is "shipping" or "billing".
export function addressFields(prefix, section) {
  const text = (label, name, autocomplete, properties = {}) =>
    field(label, prefix + name, { autocomplete: `${section} ${autocomplete}`, ...properties });
  const needed = { required: true };
  return make("div", {},
    make("div", { class: "row" },
      text("First name", "firstName", "given-name", { ...needed, maxlength: 100 }),
      text("Last name", "lastName", "family-name", { ...needed, maxlength: 100 })),
    text("Company (optional)", "company", "organization", { maxlength: 200 }),
    text("Street and number", "line1", "address-line1", { ...needed, maxlength: 200 }),
    text("Address line 2 (optional)", "line2", "address-line2", { maxlength: 200 }),
    make("div", { class: "row" },
      text("Postal code", "postalCode", "postal-code", { maxlength: 20 }),
      text("City", "city", "address-level2", { ...needed, maxlength: 100 })),
    make("div", { class: "row" },
      text("State or region (optional)", "region", "address-level1", { maxlength: 100 }),
      countrySelect(prefix, section)),
    text("Phone (optional)", "phone", "tel", { type: "tel", maxlength: 40 }));
}

// The address among a form's values whose names begin with `prefix`; null if there is none.
export function addressOf(values, prefix) {
  const own = Object.entries(values).filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [name.slice(prefix.length), value]);
  return own.length === 0 ? null : Object.fromEntries(own);
}
