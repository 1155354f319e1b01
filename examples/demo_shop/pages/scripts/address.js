// The fields of an address. Which there are, and which are needed, is the country's to say.
import { get } from "/scripts/api.js";
import { countryName, field, make } from "/scripts/dom.js";

const COUNTRIES = "/api/storefront/countries";
const { items: countries } = await get(COUNTRIES);

// What differs from country to country: [name, label, autocomplete, properties].
const PARTS = [
  ["postalCode", "Postal code", "postal-code", { maxlength: 20 }],
  ["city", "City", "address-level2", { maxlength: 100 }],
  ["region", "State or region", "address-level1", { maxlength: 100 }],
];

// Shows the fields that addresses in the country have, and marks those that are needed.
async function adapt(form, prefix, country) {
  const rules = await get(`${COUNTRIES}/${country}`);
  for (const [name, label] of PARTS) {
    const input = form.querySelector(`[name="${prefix}${name}"]`);
    const place = input.closest(".field");
    input.required = rules.required.includes(name);
    place.hidden = !rules.parts.includes(name) && input.value === "";
    place.querySelector("label").textContent = input.required ? label : `${label} (optional)`;
  }
  form.querySelector(`[name="${prefix}postalCode"]`).placeholder = rules.postalCodeExample;
  form.querySelector("datalist").replaceChildren(...rules.regions.map(({ name, latinName }) =>
    make("option", { value: name, label: latinName })));
}

function countrySelect(prefix, section, onChoice) {
  const names = countries.map(({ code }) => [code, countryName(code)]);
  names.sort(([, left], [, right]) => left.localeCompare(right));
  const own = navigator.language.split("-")[1];
  if (countries.some(({ code }) => code === own)) onChoice(own);
  return make("div", { class: "field" }, make("label", { for: `${prefix}country` }, "Country"),
    make("select", { id: `${prefix}country`, name: `${prefix}country`, required: true,
                     autocomplete: `${section} country`,
                     onchange: (event) => event.target.value && onChoice(event.target.value) },
      make("option", { value: "" }, "Please choose"),
      names.map(([code, name]) =>
        make("option", { value: code, selected: code === own }, name))));
}

// The fields' names begin with `prefix`; `section` is "shipping" or "billing".
export function addressFields(prefix, section) {
  const text = (label, name, autocomplete, properties = {}) =>
    field(label, prefix + name, { autocomplete: `${section} ${autocomplete}`, ...properties });
  const [postalCode, city, region] = PARTS.map(([name, label, autocomplete, properties]) =>
    text(label, name, autocomplete, properties));
  region.querySelector("input").setAttribute("list", `${prefix}regions`);
  const form = make("div");
  form.append(
    make("div", { class: "row" },
      text("First name", "firstName", "given-name", { maxlength: 100 }),
      text("Last name", "lastName", "family-name", { required: true, maxlength: 100 })),
    text("Company (optional)", "company", "organization", { maxlength: 200 }),
    text("Street and number", "line1", "address-line1", { required: true, maxlength: 200 }),
    text("Address line 2 (optional)", "line2", "address-line2", { maxlength: 200 }),
    make("div", { class: "row" }, postalCode, city),
    make("div", { class: "row" }, region, make("datalist", { id: `${prefix}regions` }),
      countrySelect(prefix, section, (country) => adapt(form, prefix, country))),
    text("Phone (optional)", "phone", "tel", { type: "tel", maxlength: 40 }));
  return form;
}

// The address among a form's values whose names begin with `prefix`; null if there is none.
export function addressOf(values, prefix) {
  const own = Object.entries(values).filter(([name]) => name.startsWith(prefix))
    .map(([name, value]) => [name.slice(prefix.length), value]);
  return own.length === 0 ? null : Object.fromEntries(own);
}
